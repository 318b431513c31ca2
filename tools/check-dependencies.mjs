// Every package names what its own code imports, and nothing else: what is hoisted for a neighbour would be gone the day
// the neighbour stops using it. The root names the tools of the whole. Each name has one exact version everywhere.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

import typescript from 'typescript';

import { readPackages, root } from './lint/packages.mjs';

/** Packages that never reach an image: what they use is for development, so that "npm prune --omit=dev" takes it away. */
const DEVELOPMENT = new Set(['testing', 'vendor-simulator']);
const TEST = /(^|\/)test\/|\.(spec|int-spec|e2e-spec|matrix-spec|proof-spec|container-spec)\.ts$/;
const CODE = /(?<!\.d)\.(ts|mjs|cjs)$/;
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** What the root needs without importing it: compilers, commands of npm scripts, and what Jest and ESLint load by name. */
const COMMANDS = new Set([
  ...['@nestjs/cli', '@stryker-mutator/core', '@swc/core', '@swc/jest', '@types/node', 'dependency-cruiser', 'jest'],
  ...['eslint-import-resolver-typescript', 'prettier', 'typescript'],
]);

/**
 * @typedef {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} Manifest
 * @returns {Manifest & { peerDependencies?: Record<string, string> }}
 */
const manifestOf = (/** @type {string} */ folder) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** 'mongodb/lib/x' → 'mongodb', '@nestjs/common/y' → '@nestjs/common'. */
const packageName = (/** @type {string} */ source) =>
  source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');

const filesBelow = (/** @type {string} */ folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((file) => !/(^|\/)(dist|node_modules|templates)\//.test(file));

/**
 * Names of the packages that these files import, from the registry and from here.
 * @param {readonly string[]} files
 */
function importsOf(files) {
  const sources = files.flatMap((file) =>
    typescript.preProcessFile(readFileSync(join(root, file), 'utf8')).importedFiles.map(({ fileName }) => fileName),
  );
  return new Set(
    sources
      .filter((source) => !source.startsWith('.') && !source.startsWith('/') && !isBuiltin(source))
      .map(packageName),
  );
}

const isLoadable = (/** @type {string} */ name) => {
  try {
    return manifestOf(`node_modules/${name}`);
  } catch {
    return null;
  }
};

/**
 * What a package needs beside what it imports: what its dependencies ask their users for, and types.
 * @param {Iterable<string>} names
 */
function companions(names) {
  const found = new Set();
  for (const name of names) {
    for (const peer of Object.keys(isLoadable(name)?.peerDependencies ?? {})) found.add(peer);
    found.add(`@types/${name.replace(/^@(.*)\//, '$1__')}`);
  }
  return found;
}

/**
 * @param {string} folder
 * @param {{ mayBeDev: boolean, shipped: ReadonlySet<string>, tested: ReadonlySet<string> }} files
 * @returns {string[]} one sentence per fault
 */
function problemsOf(folder, { mayBeDev, shipped, tested }) {
  const { dependencies = {}, devDependencies = {} } = manifestOf(folder);
  const declared = { ...devDependencies, ...dependencies };
  const own = mayBeDev ? declared : dependencies;
  const where = join(folder, 'package.json');
  const used = new Set([...shipped, ...tested]);
  const allowed = new Set([...used, ...companions(used)]);
  const rootDev = manifestOf('.').devDependencies ?? {};
  return [
    ...[...shipped].filter((name) => !(name in own)).map((name) => `${where} lacks ${name}, which its code imports.`),
    ...[...tested]
      .filter((name) => !name.startsWith('@rollcall/') && !(name in declared) && !(name in rootDev))
      .map((name) => `${where} lacks ${name} in devDependencies, which its tests import.`),
    ...Object.keys(dependencies)
      .filter((name) => tested.has(name) && !shipped.has(name) && !companions(shipped).has(name) && !mayBeDev)
      .map((name) => `${where} names ${name} among its dependencies, and only its tests import it.`),
    ...Object.keys(declared)
      .filter((name) => !allowed.has(name))
      .map((name) => `${where} names ${name}, which nothing of it imports.`),
    ...Object.entries(declared)
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${where}: ${name} is "${version}". Name one exact version.`),
  ];
}

const packages = readPackages();
const problems = packages.flatMap(({ folder, name }) => {
  const files = filesBelow(folder);
  const ownName = `@rollcall/${name}`;
  const others = (/** @type {Iterable<string>} */ names) => new Set([...names].filter((one) => one !== ownName));
  const tested = others(importsOf(files.filter((file) => TEST.test(file))));
  const shipped = others(importsOf(files.filter((file) => !TEST.test(file))));
  return problemsOf(folder, { mayBeDev: DEVELOPMENT.has(name), shipped, tested });
});

const fromRegistry = (/** @type {Iterable<string>} */ names) =>
  [...names].filter((name) => !name.startsWith('@rollcall/'));
const ofPackages = new Set(
  packages.flatMap(({ folder }) => {
    const { dependencies = {}, devDependencies = {} } = manifestOf(folder);
    return Object.keys({ ...dependencies, ...devDependencies });
  }),
);
const testsOfPackages = packages.flatMap(({ folder }) => filesBelow(folder).filter((file) => TEST.test(file)));
const rootFiles = [...['tools', 'test'].flatMap(filesBelow), ...readdirSync(root).filter((name) => CODE.test(name))];
problems.push(
  ...problemsOf('.', {
    mayBeDev: true,
    shipped: new Set([...fromRegistry(importsOf(rootFiles)), ...COMMANDS]),
    tested: new Set(fromRegistry(importsOf(testsOfPackages)).filter((name) => !ofPackages.has(name))),
  }),
  ...Object.keys(manifestOf('.').dependencies ?? {}).map(
    (name) => `package.json names ${name} among its dependencies. The root ships nothing: name it where it is used.`,
  ),
);

const versions = new Map();
for (const folder of ['.', ...packages.map((one) => one.folder)]) {
  const { dependencies = {}, devDependencies = {} } = manifestOf(folder);
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const known = versions.get(name) ?? versions.set(name, { version, folder }).get(name);
    if (known.version !== version)
      problems.push(
        `${name} is ${version} in ${folder}/package.json and ${known.version} in ${known.folder}/package.json.`,
      );
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(
  `Dependencies: ${packages.length} packages and the root name ${versions.size} packages, each as it is used.`,
);
