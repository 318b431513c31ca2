import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProcess, startProcess } from '@rollcall/engines';
import { waitFor } from '@rollcall/testing';

import { describeProcesses } from '../src/stack/process-table.js';
import { type ServicePlan, startAgain } from '../src/stack/service-process.js';
import { stopStack } from '../src/stack/stop-stack.js';
import { startSupervisor, supervisorName } from '../src/stack/supervision.js';

/** Answers as a service does, and says which setting it got. */
const service = `
require('node:http').createServer((request, response) => {
  response.end(JSON.stringify({ status: 'ready', checks: {} }));
}).listen(process.env.PORT, '127.0.0.1', () => console.log('ready with ' + process.env.SETTING));
`;

describe('the supervisor as a process', () => {
  let root: string;
  let directory: string;
  let plan: ServicePlan;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-supervisor-'));
    directory = join(root, 'state');
    const dist = join(root, 'apps', 'mapping', 'dist');
    mkdirSync(dist, { recursive: true });
    mkdirSync(join(root, 'libs'));
    writeFileSync(join(dist, 'main.js'), service);
    symlinkSync(resolve('apps/cli'), join(root, 'apps', 'cli'));
    plan = { name: 'mapping', root, directory, preferredPort: 18_400, env: { SETTING: 'a test secret' } };
    await startAgain(plan);
    await startSupervisor({ root, directory, services: [plan] }, { PATH: process.env['PATH'] });
  });

  afterEach(async () => {
    await stopStack(directory);
    rmSync(root, { recursive: true, force: true });
  });

  const found = () => findProcess(directory, 'mapping')!;
  const status = async () => (await describeProcesses(directory)).lines.join('\n');
  const isReady = async () => /^mapping +ready/m.test(await status());

  it('starts a killed service again with its settings on its port, and status says how often, when and why', async () => {
    await waitFor('the service', isReady);
    const before = found();
    process.kill(before.pid, 'SIGKILL');
    await waitFor('it to be back', async () => found().pid !== before.pid && (await isReady()));
    expect(found().details['port']).toBe(before.details['port']);
    const lines = (await status()).replace(/\s+/g, ' ');
    expect(lines).toMatch(/mapping ended \d+ s ago and was started again once/);
    expect(lines).toContain('Its last line then: ready with a test secret');
    expect((await status()).split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('is told of when it was killed itself, and starts nothing any more', async () => {
    process.kill(findProcess(directory, supervisorName)!.pid, 'SIGKILL');
    await waitFor('its end to show', async () => (await status()).includes('The supervisor ended.'));
    expect(await status()).toContain('`./rollcall up` starts a supervisor.');
  });

  it('is ended by down before the rest, so that nothing comes back', async () => {
    await waitFor('the service', isReady);
    expect(await stopStack(directory)).toEqual([supervisorName, 'mapping']);
    // A process that took its name: had the supervisor lived, it would meet it.
    await startProcess({ name: 'mapping', command: 'true', args: [], env: {}, directory, details: { port: 1 } });
    await waitFor('that one to end', () => !found().alive);
    const { pid } = found();
    const beganAt = performance.now();
    await waitFor('two looks of a supervisor to pass', () => performance.now() - beganAt > 3_500);
    expect(found().pid).toBe(pid);
  });
});
