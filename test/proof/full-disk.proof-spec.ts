import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
import { Rest } from '../e2e/rest.js';
import { checkAll } from './all-checks.js';
import { Faults } from './faults.js';
import { untilAllAreBack, untilLossIsTold } from './kafka-loss.js';
import { OwnEngines } from './own-engines.js';
import { startWithSlowVendors } from './slow-company.js';
import { SmallDisk } from './small-disk.js';
import { SyncedCompany } from './synced-company.js';
import { untilReading } from './under-way.js';

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const times = Number(process.env['PROOF_FULL_DISKS'] ?? 2);
const users = 4_000;
const churn = { changed: 50, gone: 2, suspended: 2, added: 2 };
const diskMegabytes = 512;
/** How long the disk stays full after the broker went. */
const fullMs = 10_000;
const [toldWithinMs, backWithinMs] = [10_000, 30_000];

/** `npm run proof:full-disk`; some minutes. */
describe(`Kafka's disk that is full ${times} times during runs of ${users} users, seed ${seed}`, () => {
  let disk: SmallDisk;
  let engines: OwnEngines;
  let installation: Installation;

  beforeAll(async () => {
    const directory = OwnEngines.newDirectory();
    const data = join(directory, 'kafka', 'data');
    disk = await SmallDisk.over(data, diskMegabytes);
    engines = await OwnEngines.start(directory, { JAVA_HOME: disk.javaHome(javaCommand(), join(directory, 'java')) });
    expect(disk.has('meta.properties')).toBe(true);
    // Who starts the broker again looks here whether its folder must be formatted, and does not see the small disk.
    writeFileSync(join(data, 'meta.properties'), '');
    // So that the disk is full in the middle of a run.
    installation = await startWithSlowVendors({ users, seed, latencyMs: 300 });
  }, 300_000);

  afterAll(async () => {
    disk?.free();
    await installation?.stop();
    await engines?.stop();
    disk?.end();
  }, 120_000);

  it('is named by every service, and all goes on by itself once there is room and the broker was started again', async () => {
    const company = await SyncedCompany.connect(installation, seed, churn);
    await company.untilSwept(3);
    const pids = serviceNames.map((name) => installation.service(name).pid);
    const seen: object[] = [];
    for (let number = 0; number < times; number += 1) {
      company.churn.next();
      const round = company.round();
      await untilReading(installation);
      seen.push(await fillOnce());
      await round;
    }
    company.churn.next();
    await company.untilSwept(4);
    expect(serviceNames.map((name) => installation.service(name).pid)).toEqual(pids);
    const faults = new Faults();
    const figures = await checkAll(installation, company.churn, faults);
    const result = { seed, users, full: seen, runs: company.states, ...figures, violations: faults.byInvariant };
    process.stderr.write(`${JSON.stringify(result)}\n`);
    expect(faults.list).toEqual([]);
    expect(Object.keys(company.states).filter((state) => !state.startsWith('completed'))).toEqual([]);
    expect(figures.deactivated).toBeGreaterThan(0);
    expect(figures.intents).toBeGreaterThan(0);
  }, 1_800_000);

  async function fillOnce(): Promise<object> {
    const beganAt = performance.now();
    disk.fill();
    await waitFor('the broker to end', async () => !engines.isRunning('kafka'), 120_000);
    const endedMs = Math.round(performance.now() - beganAt);
    await untilLossIsTold(installation, toldWithinMs);
    await untilHealthNamesIt();
    const toldMs = Math.round(performance.now() - beganAt) - endedMs;
    await sleep(fullMs);
    disk.free();
    await engines.bringBack();
    const returnedAt = performance.now();
    await untilAllAreBack(installation, backWithinMs);
    return { endedMs, toldMs, backMs: Math.round(performance.now() - returnedAt) };
  }

  /** Whoever asks the API how the system is hears of it too. */
  async function untilHealthNamesIt(): Promise<void> {
    const rest = new Rest(installation.gatewayUrl, installation.apiKey);
    await waitFor(
      'health to name Kafka',
      async () => {
        const { body } = await rest.request<object>('GET', '/system/health');
        return JSON.stringify(body).includes('Kafka cannot be reached');
      },
      toldWithinMs,
    );
  }
});

/** The Java that the broker would run on; the small disk needs one that is installed. */
function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', 'java') : execFileSync('sh', ['-c', 'command -v java'], { encoding: 'utf8' }).trim();
}
