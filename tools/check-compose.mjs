// What a compose linter would say about docker-compose.yml, for machines without one: the file parses, every service
// says where it comes from and how to tell that it is well, and waits only for what can report that.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseDocument } from 'yaml';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const CONDITIONS = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);
const SERVICES = readdirSync(join(root, 'apps')).filter((app) => !['cli', 'vendor-simulator'].includes(app));

const document = parseDocument(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), {
  merge: true,
  uniqueKeys: true,
});
const problems = [...document.errors, ...document.warnings].map((problem) => problem.message);
const { services = {}, volumes = {}, secrets = {} } = problems.length > 0 ? {} : document.toJS();

function sourceProblems(name, { image, build }) {
  if (!image && !build) return [`${name} has neither image nor build.`];
  if (!build) return /:[^/]*\d/.test(image) ? [] : [`${name}: the image ${image} names no version.`];
  const dockerfile = join(build.context ?? '.', build.dockerfile ?? 'Dockerfile');
  return existsSync(join(root, dockerfile)) ? [] : [`${name}: there is no ${dockerfile}.`];
}

/** A one-shot service is one that others wait for until it has completed. */
const isOneShot = (name) =>
  Object.values(services).some((service) => service.depends_on?.[name]?.condition === 'service_completed_successfully');

function healthProblems(name, { healthcheck }) {
  if (isOneShot(name)) return healthcheck ? [`${name} ends after its work and needs no health check.`] : [];
  if (!healthcheck?.test) return [`${name} has no health check.`];
  return ['interval', 'timeout', 'retries', 'start_period']
    .filter((key) => healthcheck[key] === undefined)
    .map((key) => `${name}: its health check has no ${key}.`);
}

function dependencyProblems(name, { depends_on: dependsOn = {} }) {
  if (Array.isArray(dependsOn)) return [`${name}: depends_on must give conditions, else it waits for nothing.`];
  return Object.entries(dependsOn).flatMap(([other, { condition }]) => {
    if (!services[other]) return [`${name} depends on ${other}, which does not exist.`];
    if (!CONDITIONS.has(condition)) return [`${name} waits for ${other} with the unknown condition ${condition}.`];
    if (condition === 'service_healthy' && !services[other].healthcheck)
      return [`${name} waits for the health of ${other}, which has no health check.`];
    return [];
  });
}

function mountProblems(name, { volumes: mounts = [], secrets: used = [], ports = [] }) {
  return [
    ...mounts
      .map((mount) => String(mount.source ?? mount).split(':')[0])
      .filter((source) => !/^[./~]/.test(source) && !(source in volumes))
      .map((source) => `${name}: the volume ${source} is not declared.`),
    ...used
      .map((secret) => secret.source ?? secret)
      .filter((secret) => !(secret in secrets))
      .map((secret) => `${name}: the secret ${secret} is not declared.`),
    ...ports
      .filter((port) => !String(port).startsWith('127.0.0.1:'))
      .map((port) => `${name}: port ${port} is open to the network. Bind it to 127.0.0.1.`),
  ];
}

problems.push(
  ...SERVICES.filter((service) => !services[service]).map((service) => `The service ${service} is missing.`),
  ...Object.entries(services).flatMap(([name, service]) =>
    [sourceProblems, healthProblems, dependencyProblems, mountProblems].flatMap((check) => check(name, service)),
  ),
);

for (const problem of problems) console.error(`docker-compose.yml: ${problem}`);
if (problems.length > 0) process.exit(1);
console.log(`docker-compose.yml: ${Object.keys(services).length} services.`);
