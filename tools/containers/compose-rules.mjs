import { existsSync } from 'node:fs';
import { join } from 'node:path';

const CONDITIONS = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);
/** A check must answer on a busy machine too; one that starts Java or a shell of the database costs seconds of CPU. */
const CHECK_TIMEOUT_S = 10;
const COSTLY = /\.sh\b|\bjava\b|\bmongosh?\b/;
/** Folders that images declare as volumes. One that nothing is mounted on becomes an unnamed volume at each start. */
const DECLARED_VOLUMES = {
  'apache/kafka': ['/etc/kafka/secrets', '/var/lib/kafka/data', '/mnt/shared/config'],
  mongo: ['/data/db', '/data/configdb'],
};

/**
 * What is wrong with a compose file, one sentence each.
 * @param {{ services: object, volumes?: object, secrets?: object }} file parsed
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

function source(name, { image, build }, { root }) {
  if (!image && !build) return [`${name} has neither image nor build.`];
  if (!build) return /:[^/]*\d/.test(image) ? [] : [`${name}: the image ${image} names no version.`];
  const dockerfile = join(build.context ?? '.', build.dockerfile ?? 'Dockerfile');
  return existsSync(join(root, dockerfile)) ? [] : [`${name}: there is no ${dockerfile}.`];
}

/** A one-shot service is one that others wait for until it has completed. */
const isOneShot = (name, services) =>
  Object.values(services).some((service) => service.depends_on?.[name]?.condition === 'service_completed_successfully');

function health(name, { healthcheck }, { services }) {
  if (isOneShot(name, services)) {
    // Saying nothing would leave it with the check of its image.
    return healthcheck?.disable === true ? [] : [`${name} ends after its work: disable its health check.`];
  }
  if (!healthcheck?.test) return [`${name} has no health check.`];
  const absent = ['interval', 'timeout', 'retries', 'start_period'].filter((key) => healthcheck[key] === undefined);
  const command = [healthcheck.test].flat().join(' ');
  return [
    ...absent.map((key) => `${name}: its health check has no ${key}.`),
    ...(Number.parseInt(healthcheck.timeout, 10) < CHECK_TIMEOUT_S
      ? [`${name}: give its health check ${CHECK_TIMEOUT_S} s, which a busy machine needs.`]
      : []),
    ...(COSTLY.test(command) ? [`${name}: its health check starts a costly program: ${command}`] : []),
  ];
}

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

const sourceOf = (mount) => (typeof mount === 'string' ? mount.split(':')[0] : mount.source);
const targetOf = (mount) => (typeof mount === 'string' ? mount.split(':')[1] : mount.target);

function mounts(name, { volumes: used = [], secrets: usedSecrets = [] }, { volumes, secrets }) {
  return [
    ...used
      .map(sourceOf)
      .filter((from) => from !== undefined && !/^[./~]/.test(from) && !(from in volumes))
      .map((from) => `${name}: the volume ${from} is not declared.`),
    ...usedSecrets
      .map((secret) => secret.source ?? secret)
      .filter((secret) => !(secret in secrets))
      .map((secret) => `${name}: the secret ${secret} is not declared.`),
  ];
}

function ports(name, { ports: published = [] }) {
  return published.map(String).flatMap((port) => {
    if (!port.startsWith('127.0.0.1:')) return [`${name}: port ${port} is open to the network. Bind it to 127.0.0.1.`];
    return /^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+$/.test(port)
      ? []
      : [`${name}: port ${port} may be taken on somebody's machine. Write it as a variable with a default.`];
  });
}

function limits(name, { mem_limit: memory, logging }) {
  const { 'max-size': size, 'max-file': files } = logging?.options ?? {};
  return [
    ...(memory ? [] : [`${name} has no mem_limit.`]),
    ...(size && files ? [] : [`${name}: its log grows for ever. Give logging max-size and max-file.`]),
  ];
}

function imageVolumes(name, { image = '', volumes: used = [] }) {
  const targets = used.map(targetOf);
  return (DECLARED_VOLUMES[image.split(':')[0]] ?? [])
    .filter((folder) => !targets.includes(folder))
    .map((folder) => `${name}: mount something on ${folder}, else each start leaves an unnamed volume behind.`);
}

/** Who is broken into must not find the private keys of the others. */
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

/** What is wrong with the text of the compose file before it is read: settings without which no command works. */
export function textProblems(text) {
  return [...text.matchAll(/\$\{(\w+):?\?/g)].map(
    ([, variable]) => `${variable} must be set before any command, "down" included, works. Give it a default.`,
  );
}

/** What is wrong with the Dockerfile: another Node.js than promised, or a last stage that takes more than was built. */
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
