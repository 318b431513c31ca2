import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { logFileOf, runCommand, startProcess, stopProcess } from '../src/index.js';

/** Everything below the folder that others than its owner may do anything with, as `mode path`. */
function openToOthers(path: string): string[] {
  const { mode, isFolder } = look(path);
  const own = (mode & 0o077) === 0 ? [] : [`${(mode & 0o777).toString(8)} ${path}`];
  return [...own, ...(isFolder ? readdirSync(path).flatMap((name) => openToOthers(join(path, name))) : [])];
}

/** Engines remove files while they run. */
function look(path: string) {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return { mode: entry?.mode ?? 0, isFolder: entry?.isDirectory() ?? false };
}

describe('files of started processes', () => {
  let directory = '';
  let earlier = 0;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-private-'));
    earlier = process.umask(0o022);
  });
  afterAll(async () => {
    process.umask(earlier);
    await stopProcess('writer', directory, { graceMs: 0 });
    rmSync(directory, { recursive: true, force: true });
  });

  it('are for their owner only: log, pid file, and what the process writes itself', async () => {
    const script = `
      const { mkdirSync, writeFileSync } = require('node:fs');
      mkdirSync('data');
      writeFileSync('data/topic.log', 'x');
      console.log('written');
      setInterval(() => {}, 1000);`;
    const env = { PATH: process.env.PATH };
    await startProcess({
      name: 'writer',
      command: process.execPath,
      args: ['-e', script],
      env,
      directory,
      cwd: directory,
    });
    while (!readFileSync(logFileOf(directory, 'writer'), 'utf8').includes('written')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(readdirSync(directory).sort()).toEqual(['data', 'logs', 'pids']);
    expect(openToOthers(directory)).toEqual([]);
    expect(process.umask()).toBe(0o022);
  });

  it('are so too for a command that runs to its end', async () => {
    const target = join(directory, 'formatted');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(target)}, 'x')`;
    const { exitCode } = await runCommand(process.execPath, ['-e', script], { PATH: process.env.PATH });
    expect(exitCode).toBe(0);
    expect(openToOthers(directory)).toEqual([]);
  });
});

const enginesDirectory = process.env['TEST_ENGINES_DIRECTORY'] ?? '';
const hasOwnEngines = look(join(enginesDirectory, 'kafka')).isFolder;

// Engines that were given by address keep their files elsewhere.
(hasOwnEngines ? describe : describe.skip)('the engines that the tests run on', () => {
  it('keep topics and records where only their owner can read them', () => {
    expect(readdirSync(join(enginesDirectory, 'kafka', 'data')).length).toBeGreaterThan(0);
    for (const name of ['kafka', 'mongodb', 'logs', 'pids']) {
      expect(openToOthers(join(enginesDirectory, name))).toEqual([]);
    }
    expect(look(enginesDirectory).mode & 0o777).toBe(0o700);
  });
});
