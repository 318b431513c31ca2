import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A compose file, as far as it is looked at here.
 * @typedef {string | { source?: string, target?: string }} Mount
 * @typedef {{ test?: string | string[], disable?: boolean, interval?: string, timeout?: string, retries?: number, start_period?: string }} HealthCheck
 * @typedef {object} Service
 * @property {string} [image]
 * @property {{ context?: string, dockerfile?: string }} [build]
 * @property {HealthCheck} [healthcheck]
 * @property {Record<string, { condition: string }> | string[]} [depends_on]
 * @property {Mount[]} [volumes]
 * @property {(string | { source: string })[]} [secrets]
 * @property {(string | number)[]} [ports]
 * @property {string} [mem_limit]
 * @property {{ options?: Record<string, string> }} [logging]
 *
 * @typedef {{ services: Record<string, Service>, volumes: object, secrets: object, root: string, programs: string[] }} Context
 */

const CONDITIONS = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);
/** A check must answer on a busy machine too; one that starts Java or a shell of the database costs seconds of CPU. */
const CHECK_TIMEOUT_S = 10;
const COSTLY = /\.sh\b|\bjava\b|\bmongosh?\b/;
/** Folders that images declare as volumes. One that nothing is mounted on becomes an unnamed volume at each start. */
/** @type {Record<string, string[]>} */
const DECLARED_VOLUMES = {
  'apache/kafka': ['/etc/kafka/secrets', '/var/lib/kafka/data', '/mnt/shared/config'],
  mongo: ['/data/db', '/data/configdb'],
};

/**
 * What is wrong with a compose file, one sentence each.
 * @param {{ services: Record<string, Service>, volumes?: object, secrets?: object }} file parsed
 * @param {{ root: string, programs: string[] }} project where its paths start, and the services that it must have
 */
export function composeProblems({ services, volumes = {}, secrets = {} }, { root, programs }) {
  const missing = programs.filter((name) => !services[name]).map((name) => `The service ${name} is missing.`);
  const context = { services, volumes, secrets, root, programs };
  const rules = [source, health, dependencies, mounts, ports, limits, imageVolumes, keys];
  return [
    ...missing,
    ...Object.entries(services).flatMap(([name, service]) => rules.flatMap((rule) => rule(name, service, context))),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 * @param {Context} context
 */
function source(name, { image, build }, { root }) {
  if (!image && !build) return [`${name} has neither image nor build.`];
  if (!build) return /:[^/]*\d/.test(image ?? '') ? [] : [`${name}: the image ${image} names no version.`];
  const dockerfile = join(build.context ?? '.', build.dockerfile ?? 'Dockerfile');
  return existsSync(join(root, dockerfile)) ? [] : [`${name}: there is no ${dockerfile}.`];
}

/** A one-shot service is one that others wait for until it has completed. */
const isOneShot = (/** @type {string} */ name, /** @type {Record<string, Service>} */ services) =>
  Object.values(services).some(
    ({ depends_on: dependsOn = {} }) =>
      !Array.isArray(dependsOn) && dependsOn[name]?.condition === 'service_completed_successfully',
  );

/**
 * @param {string} name
 * @param {Service} service
 * @param {Context} context
 */
function health(name, { healthcheck }, { services }) {
  if (isOneShot(name, services)) {
    // Saying nothing would leave it with the check of its image.
    return healthcheck?.disable === true ? [] : [`${name} ends after its work: disable its health check.`];
  }
  if (!healthcheck?.test) return [`${name} has no health check.`];
  const absent = /** @type {const} */ (['interval', 'timeout', 'retries', 'start_period']).filter(
    (key) => healthcheck[key] === undefined,
  );
  const command = [healthcheck.test].flat().join(' ');
  return [
    ...absent.map((key) => `${name}: its health check has no ${key}.`),
    ...(Number.parseInt(healthcheck.timeout ?? '', 10) < CHECK_TIMEOUT_S
      ? [`${name}: give its health check ${CHECK_TIMEOUT_S} s, which a busy machine needs.`]
      : []),
    ...(COSTLY.test(command) ? [`${name}: its health check starts a costly program: ${command}`] : []),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 * @param {Context} context
 */
function dependencies(name, { depends_on: dependsOn = {} }, { services }) {
  if (Array.isArray(dependsOn)) return [`${name}: depends_on must give conditions, else it waits for nothing.`];
  return Object.entries(dependsOn).flatMap(([other, { condition }]) => {
    if (!services[other]) return [`${name} depends on ${other}, which does not exist.`];
    if (!CONDITIONS.has(condition)) return [`${name} waits for ${other} with the unknown condition ${condition}.`];
    if (condition === 'service_healthy' && !services[other].healthcheck?.test)
      return [`${name} waits for the health of ${other}, which has no health check.`];
    return [];
  });
}

const sourceOf = (/** @type {Mount} */ mount) => (typeof mount === 'string' ? mount.split(':')[0] : mount.source);
const targetOf = (/** @type {Mount} */ mount) => (typeof mount === 'string' ? mount.split(':')[1] : mount.target);

/**
 * @param {string} name
 * @param {Service} service
 * @param {Context} context
 */
function mounts(name, { volumes: used = [], secrets: usedSecrets = [] }, { volumes, secrets }) {
  return [
    ...used
      .map(sourceOf)
      .filter((from) => from !== undefined && !/^[./~]/.test(from) && !(from in volumes))
      .map((from) => `${name}: the volume ${from} is not declared.`),
    ...usedSecrets
      .map((secret) => (typeof secret === 'string' ? secret : secret.source))
      .filter((secret) => !(secret in secrets))
      .map((secret) => `${name}: the secret ${secret} is not declared.`),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 */
function ports(name, { ports: published = [] }) {
  return published.map(String).flatMap((port) => {
    if (!port.startsWith('127.0.0.1:')) return [`${name}: port ${port} is open to the network. Bind it to 127.0.0.1.`];
    return /^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+$/.test(port)
      ? []
      : [`${name}: port ${port} may be taken on somebody's machine. Write it as a variable with a default.`];
  });
}

/**
 * @param {string} name
 * @param {Service} service
 */
function limits(name, { mem_limit: memory, logging }) {
  const { 'max-size': size, 'max-file': files } = logging?.options ?? {};
  return [
    ...(memory ? [] : [`${name} has no mem_limit.`]),
    ...(size && files ? [] : [`${name}: its log grows for ever. Give logging max-size and max-file.`]),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 */
function imageVolumes(name, { image = '', volumes: used = [] }) {
  const targets = used.map(targetOf);
  return (DECLARED_VOLUMES[image.split(':')[0]] ?? [])
    .filter((folder) => !targets.includes(folder))
    .map((folder) => `${name}: mount something on ${folder}, else each start leaves an unnamed volume behind.`);
}

/**
 * Who is broken into must not find the private keys of the others.
 * @param {string} name
 * @param {Service} service
 * @param {Context} context
 */
function keys(name, { volumes: used = [] }, { services, programs }) {
  if (!programs.includes(name)) return [];
  const found = used.filter((mount) => targetOf(mount)?.startsWith('/keys'));
  const [own] = found;
  if (found.length !== 1 || typeof own !== 'string' || !own.endsWith(':/keys:ro'))
    return [`${name} must mount its keys, and nothing but them, read-only on /keys.`];
  const others = programs.filter((other) => other !== name);
  return others
    .filter((other) => services[other]?.volumes?.map(sourceOf).includes(sourceOf(own)))
    .map((other) => `${name} and ${other} see the same keys in ${sourceOf(own)}.`);
}

/**
 * What is wrong with the text of the compose file before it is read: settings without which no command works.
 * @param {string} text
 */
export function textProblems(text) {
  return [...text.matchAll(/\$\{(\w+):?\?/g)].map(
    ([, variable]) => `${variable} must be set before any command, "down" included, works. Give it a default.`,
  );
}

/**
 * What is wrong with the Dockerfile: another Node.js than promised, or a last stage that takes more than was built.
 * @param {string} text
 * @param {{ nodeImage: string }} expected
 */
export function dockerfileProblems(text, { nodeImage }) {
  const lines = text.split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  return [
    ...lines
      .filter((line) => line.startsWith('FROM ') && line.split(' ')[1] !== nodeImage)
      .map((line) => `"${line}" is not ${nodeImage}.`),
    ...last
      .filter((line) => line.startsWith('COPY ') && !/^COPY (--from=build|LICENSE) /.test(line))
      .map((line) => `"${line}" takes files into the image that were not built.`),
    ...(text.includes("-type f ! -path '*/dist/*.js'")
      ? []
      : ['Sources and tests are not removed from what was built.']),
    ...(last.some((line) => line.startsWith('USER ') && line !== 'USER root') ? [] : ['The image runs as root.']),
  ];
}
