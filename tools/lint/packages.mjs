import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * @typedef {object} Package
 * @property {'app' | 'lib'} kind
 * @property {string} name
 * @property {string} folder
 * @property {string[]} uses names behind `references`
 * @property {string[]} declares names of the @rollcall dependencies in package.json
 */

/**
 * Every workspace with the packages that its tsconfig.json references: the compiler and the linter then agree on what
 * may be imported, because they read the same line.
 * @returns {Package[]}
 */
export function readPackages(base = root) {
  return /** @type {const} */ (['app', 'lib']).flatMap((kind) =>
    readdirSync(join(base, `${kind}s`), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(base, `${kind}s`, entry.name, 'tsconfig.json')))
      .map((entry) => {
        const folder = `${kind}s/${entry.name}`;
        const { references = [] } = readJson(join(base, folder, 'tsconfig.json'));
        const { dependencies = {} } = readJson(join(base, folder, 'package.json'));
        return {
          kind,
          name: entry.name,
          folder,
          uses: /** @type {{ path: string }[]} */ (references).map((reference) => basename(reference.path)),
          declares: Object.keys(dependencies)
            .filter((name) => name.startsWith('@rollcall/'))
            .map((name) => name.slice('@rollcall/'.length)),
        };
      }),
  );
}

/** Who may import the libs that are not for everybody. Without this table one line in a tsconfig.json would open them. */
/** @type {Record<string, string[]>} */
const RESERVED = {
  engines: ['cli', 'testing'],
  testing: [],
  'vendor-simulator': ['testing'],
};

/**
 * Edges that no tsconfig.json may contain.
 * @param {readonly Package[]} packages
 * @returns {string[]} one sentence per forbidden or contradictory edge; empty when all is well.
 */
export function edgeProblems(packages) {
  const kindOf = new Map(packages.map(({ name, kind }) => [name, kind]));
  return packages.flatMap(({ name, folder, uses, declares }) => [
    ...uses.flatMap((used) => {
      const line = `${folder}/tsconfig.json references ${used}`;
      if (RESERVED[used]) return RESERVED[used].includes(name) ? [] : [`${line}, which is reserved.`];
      if (kindOf.get(used) === 'app') return [`${line}: nobody builds on an app. Move what both need into a lib.`];
      if (name === 'contracts') return [`${line}: contracts imports nothing, so that the console can import it.`];
      return [];
    }),
    ...uses
      .filter((used) => !declares.includes(used))
      .map(
        (used) => `${folder}/package.json lacks the dependency @rollcall/${used} that its tsconfig.json references.`,
      ),
    ...declares
      .filter((declared) => !uses.includes(declared))
      .map((declared) => `${folder}/tsconfig.json lacks the reference to ${declared} that its package.json declares.`),
  ]);
}
