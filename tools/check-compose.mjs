// What a compose linter would say about docker-compose.yml and its Dockerfile, for machines without one, and what was learnt
// by running them: the rules stand in tools/containers/compose-rules.mjs. "npm run check:containers" runs the real thing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseDocument } from 'yaml';

import { IMAGES } from './containers/base-images.mjs';
import { blindRules } from './containers/compose-defects.mjs';
import { composeProblems, dockerfileProblems, textProblems } from './containers/compose-rules.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const programs = readdirSync(join(root, 'apps')).filter((app) => !['cli', 'vendor-simulator'].includes(app));
const read = (/** @type {string[]} */ ...path) => readFileSync(join(root, ...path), 'utf8');

const text = read('docker-compose.yml');
const document = parseDocument(text, { merge: true, uniqueKeys: true });
const problems = [...document.errors, ...document.warnings].map((problem) => problem.message);
const file = problems.length > 0 ? { services: {} } : document.toJS();
if (problems.length === 0) problems.push(...textProblems(text), ...composeProblems(file, { root, programs }));
if (problems.length === 0) problems.push(...blindRules(text, { root, programs }));

/** Each image is named in several places, which must agree. */
const used = Object.values(file.services).flatMap(({ image, build }) => (build ? [] : [image]));
const engines = read('libs', 'engines', 'src', 'docker', 'docker-engines.ts');
for (const name of /** @type {const} */ (['kafka', 'mongo', 'mailpit'])) {
  if (!used.includes(IMAGES[name]))
    problems.push(`no service uses ${IMAGES[name]} of tools/containers/base-images.mjs.`);
}
for (const name of /** @type {const} */ (['kafka', 'mongo'])) {
  if (!engines.includes(`'${IMAGES[name]}'`)) problems.push(`libs/engines starts another image than ${IMAGES[name]}.`);
}

const dockerfile = dockerfileProblems(read('deploy', 'docker', 'Dockerfile'), { nodeImage: IMAGES.node });
for (const problem of problems) console.error(`docker-compose.yml: ${problem}`);
for (const problem of dockerfile) console.error(`deploy/docker/Dockerfile: ${problem}`);
if (problems.length + dockerfile.length > 0) process.exit(1);
console.log(`docker-compose.yml: ${Object.keys(file.services).length} services.`);
