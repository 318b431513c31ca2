import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';

import type { Installation } from '../e2e/installation.js';
import { checkAll } from './all-checks.js';
import { Faults } from './faults.js';
import { untilAllAreBack, untilLossIsTold } from './kafka-loss.js';
import { OwnEngines } from './own-engines.js';
import { seededRandom } from './seeded-random.js';
import { startWithSlowVendors } from './slow-company.js';
import { SyncedCompany } from './synced-company.js';

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const restarts = Number(process.env['PROOF_RESTARTS'] ?? 5);
const users = 4_000;
const churn = { changed: 50, gone: 2, suspended: 2, added: 2 };
/** Within how long a loss must show, and within how long everybody must be back without help. */
const toldWithinMs = 5_000;
const backWithinMs = 15_000;
/** Beyond the retries of kafkajs, which gave up after half a minute. */
const longestDownMs = 45_000;

interface Seen {
  readonly downMs: number;
  readonly toldMs: number;
  readonly backMs: number;
}

/** `npm run proof:broker-restarts`; some minutes. */
describe(`a broker that is killed ${restarts} times during runs of ${users} users, seed ${seed}`, () => {
  const random = seededRandom(seed);
  let engines: OwnEngines;
  let installation: Installation;

  beforeAll(async () => {
    engines = await OwnEngines.start();
    // So that a broker goes in the middle of a run.
    installation = await startWithSlowVendors({ users, seed, latencyMs: 300 });
  }, 300_000);

  afterAll(async () => {
    await installation?.stop();
    await engines?.stop();
  }, 120_000);

  it('ends no service, is named by each of them, and every run completes', async () => {
    const company = await SyncedCompany.connect(installation, seed, churn);
    const pids = serviceNames.map((name) => installation.service(name).pid);
    const seen: Seen[] = [];
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        company.churn.next();
        await company.round();
      }
    })();
    try {
      for (let number = 0; number < restarts; number += 1) {
        await sleep(2_000 + random() * 3_000);
        seen.push(await restartOnce());
      }
    } finally {
      isOver = true;
      await load;
    }
    // Two, so that whoever left between them is deactivated in at least one.
    await company.untilSwept(4);
    company.churn.next();
    await company.untilSwept(4);
    expect(serviceNames.map((name) => installation.service(name).pid)).toEqual(pids);
    const faults = new Faults();
    const figures = await checkAll(installation, company.churn, faults);
    process.stderr.write(`${JSON.stringify({ seed, restarts: seen, runs: company.states, ...figures })}\n`);
    expect(faults.list).toEqual([]);
    // Without anybody deactivated and anything done to anybody, most of it holds anyway.
    expect(figures.deactivated).toBeGreaterThan(0);
    expect(figures.intents).toBeGreaterThan(0);
    expect(Object.keys(company.states).filter((state) => !state.startsWith('completed'))).toEqual([]);
  }, 1_800_000);

  async function restartOnce(): Promise<Seen> {
    const downMs = 5_000 + random() * (longestDownMs - 5_000);
    const lostAt = performance.now();
    const returned = engines.kill('kafka', downMs).then(() => performance.now());
    await untilLossIsTold(installation, toldWithinMs + 1_000);
    const toldMs = Math.round(performance.now() - lostAt);
    const returnedAt = await returned;
    await untilAllAreBack(installation, backWithinMs);
    const backMs = Math.round(performance.now() - returnedAt);
    return { downMs: Math.round(downMs), toldMs, backMs };
  }
});
