import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './commands.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The address that this machine gets Debian's packages from, by its own configuration. */
export async function debianMirror() {
  const lines = await run(['apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = lines.split('\n').find((line) => /\/debian\/?$/.test(line));
  if (!mirror) throw new Error('This machine has no source of Debian packages in /etc/apt. Install Docker by hand.');
  return mirror.replace(/\/$/, '');
}

/**
 * Unpacks packages into `directory/root` and leaves the machine's own packages alone.
 * @param {string} directory
 * @param {{ own: string[], ofRelease: Record<string, string[]> }} packages from the machine's release, and from others
 */
export async function unpackPackages(directory, { own, ofRelease }) {
  const root = join(directory, 'root');
  const marker = join(directory, 'unpacked');
  if (existsSync(marker)) return root;
  const packages = join(directory, 'packages');
  mkdirSync(packages, { recursive: true });
  await run(['apt-get', 'update', '-qq']);
  await download(packages, [], own);
  for (const [release, names] of Object.entries(ofRelease)) {
    const options = await sourceOf(directory, release);
    await run(['apt-get', ...options, 'update', '-qq']);
    await download(packages, options, names);
  }
  for (const file of readdirSync(packages)) await run(['dpkg-deb', '-x', join(packages, file), root]);
  writeFileSync(marker, '');
  return root;
}

const download = (
  /** @type {string} */ cwd,
  /** @type {readonly string[]} */ options,
  /** @type {readonly string[]} */ names,
) => run(['apt-get', ...options, '-o', 'APT::Sandbox::User=root', 'download', '-qq', ...names], { cwd });

/**
 * Options with which apt sees one release and keeps its lists apart from the machine's.
 * @param {string} directory
 * @param {string} release
 */
async function sourceOf(directory, release) {
  const state = join(directory, 'apt', release);
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const list = join(state, 'sources.list');
  writeFileSync(list, `deb [signed-by=${KEYRING}] ${await debianMirror()} ${release} main\n`);
  const settings = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}
