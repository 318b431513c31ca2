import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { run, succeeds } from './commands.mjs';
import { unpackPackages } from './debian-packages.mjs';

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 120_000;
/**
 * Debian 12's own Docker is 20.10, and has no Compose 2; its runc is kept, since a newer one needs a newer libc. iptables is
 * used inside containers only, where names of other containers are answered by the daemon.
 */
const PACKAGES = {
  own: [
    ...['runc', 'tini', 'mmdebstrap', 'iptables', 'libip4tc2', 'libip6tc2', 'libxtables12', 'libmnl0'],
    ...['libnftnl11', 'libnetfilter-conntrack3', 'libnfnetlink0'],
  ],
  ofRelease: { trixie: ['docker.io', 'containerd', 'docker-cli', 'docker-compose', 'docker-buildx'] },
};

/**
 * A Docker daemon out of unpacked Debian packages. It leaves the machine's firewall and forwarding alone: containers
 * reach each other, and the machine reaches their published ports, but containers have no way out.
 * @param {string} directory everything of it, images included
 * @returns {Promise<{ env: NodeJS.ProcessEnv, root: string, stop: () => Promise<void> }>}
 */
export async function startOwnDaemon(directory) {
  mkdirSync(join(directory, 'config'), { recursive: true, mode: 0o700 });
  const root = await unpackPackages(directory, PACKAGES);
  link(join(root, 'usr/bin/tini-static'), join(root, 'usr/bin/docker-init'));
  link(join(root, 'usr/sbin/iptables-nft'), join(root, 'usr/sbin/iptables'));
  link(join(root, 'usr/libexec/docker/cli-plugins'), join(directory, 'config', 'cli-plugins'));
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const path = [join(root, 'usr/sbin'), join(root, 'usr/bin'), process.env.PATH].join(':');
  const env = { ...process.env, PATH: path, DOCKER_HOST: socket, DOCKER_CONFIG: join(directory, 'config') };
  const hadBridge = existsSync('/sys/class/net/docker0');
  if (answers(env)) return { env, root, stop: () => stopDaemon(directory, false) };
  const log = openSync(join(directory, 'log'), 'a');
  const places = ['data-root', 'exec-root'].flatMap((name) => [`--${name}`, join(directory, name)]);
  const limits = ['iptables', 'ip6tables', 'ip-masq', 'ip-forward'].map((name) => `--${name}=false`);
  const args = [...places, '--pidfile', join(directory, 'pid'), '--host', socket, '--ip', '127.0.0.1', ...limits];
  const daemon = spawn('dockerd', args, {
    env: { ...env, ...librariesIn(root) },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  daemon.unref();
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!answers(env)) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The Docker daemon did not start. Its log is ${join(directory, 'log')}.`);
    }
    await sleep(200);
  }
  return { env, root, stop: () => stopDaemon(directory, !hadBridge) };
}

/** @param {string} root */
function librariesIn(root) {
  const folders = readdirSync(join(root, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
  const [libraries = ''] = folders.map((name) => join(root, 'usr/lib', name));
  return { LD_LIBRARY_PATH: libraries, XTABLES_LIBDIR: join(libraries, 'xtables') };
}

export const answers = (/** @type {NodeJS.ProcessEnv} */ env) => succeeds(['docker', 'version'], env);

/**
 * @param {string} target
 * @param {string} path
 */
function link(target, path) {
  if (!existsSync(path)) symlinkSync(target, path);
}

/**
 * @param {string} directory
 * @param {boolean} removeBridge
 */
async function stopDaemon(directory, removeBridge) {
  const file = join(directory, 'pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  while (existsSync(`/proc/${pid}`)) {
    if (Date.now() > deadline) throw new Error(`The Docker daemon (process ${pid}) does not end.`);
    await sleep(100);
  }
  if (removeBridge) await run(['ip', 'link', 'delete', 'docker0']);
}
