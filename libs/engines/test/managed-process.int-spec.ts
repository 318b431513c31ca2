import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { findProcess, identifyProcess, listProcesses, logFileOf, startProcess, stopProcess } from '../src/index.js';

const OBEYS = 'console.log("ready"); setInterval(() => {}, 1000);';
const REFUSES = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000);';

describe('managed processes', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-processes-'));
  });

  afterEach(async () => {
    for (const { name } of listProcesses(directory)) await stopProcess(name, directory, { graceMs: 0 });
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(name: string, script: string) {
    const env = { PATH: process.env.PATH };
    const started = await startProcess({ name, command: process.execPath, args: ['-e', script], env, directory });
    while (!readFileSync(logFileOf(directory, name), 'utf8').includes('ready')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return started;
  }

  it('starts a process with its log and pid file, lists it, and stops it', async () => {
    const { pid } = await start('obedient', OBEYS);
    expect(listProcesses(directory)).toMatchObject([{ name: 'obedient', pid, alive: true }]);
    await expect(stopProcess('obedient', directory)).resolves.toBe('stopped');
    expect(identifyProcess(pid)).toBeNull();
    expect(listProcesses(directory)).toEqual([]);
  });

  it('insists when a process does not obey within its grace', async () => {
    const { pid } = await start('stubborn', REFUSES);
    await expect(stopProcess('stubborn', directory, { graceMs: 100 })).resolves.toBe('killed');
    expect(identifyProcess(pid)).toBeNull();
  });

  it('leaves a process alone whose start time differs from the pid file', async () => {
    const { pid } = await start('obedient', OBEYS);
    const file = join(directory, 'pids', 'obedient.json');
    const record = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(record), startMark: 'another-boot:1' }));
    expect(findProcess(directory, 'obedient')).toMatchObject({ alive: false });
    await expect(stopProcess('obedient', directory)).resolves.toBe('not-running');
    expect(identifyProcess(pid)).not.toBeNull();
    writeFileSync(file, record);
  });

  it('does not start a name twice', async () => {
    await start('obedient', OBEYS);
    const again = startProcess({ name: 'obedient', command: process.execPath, args: [], env: {}, directory });
    await expect(again).rejects.toMatchObject({ code: 'PROCESS_NOT_STARTED' });
  });

  it('says why a command could not be run', async () => {
    const missing = startProcess({ name: 'missing', command: '/no/such/command', args: [], env: {}, directory });
    await expect(missing).rejects.toMatchObject({
      code: 'PROCESS_NOT_STARTED',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
