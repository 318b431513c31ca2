import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes, runs } from '@rollcall/collections';
import { type RawMessage, rawRecordsTopic, runEndStates } from '@rollcall/contracts';
import { type ServiceProcess, streamTopic, waitFor } from '@rollcall/testing';

import { positionText } from '../../apps/mapping/src/changes/positions-in-text.js';
import type { Installation } from '../e2e/installation.js';
import { checkAll } from './all-checks.js';
import { Faults } from './faults.js';
import { OwnEngines } from './own-engines.js';
import { seededRandom } from './seeded-random.js';
import { startWithSlowVendors } from './slow-company.js';
import { SyncedCompany } from './synced-company.js';

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const pauses = Number(process.env['PROOF_PAUSES'] ?? 100);
const users = 6_000;
/** So few leavers that a hundred rounds stay below what the guard lets go in a day (P10): 200 of 300. */
const churn = { changed: 50, gone: 1, suspended: 0, added: 1 };
const leaseMs = 2_000;

/** `npm run proof:paused-holders`; a quarter of an hour. `PROOF_PAUSES=10` for a short one. */
describe(`two replicas of sync-runner, ${pauses} times one that holds a run stands still, seed ${seed}`, () => {
  const random = seededRandom(seed);
  let engines: OwnEngines;
  let installation: Installation;
  let runners: readonly ServiceProcess[];

  beforeAll(async () => {
    engines = await OwnEngines.start();
    // So that a run takes longer than its lease lives.
    installation = await startWithSlowVendors({
      users,
      seed,
      latencyMs: 400,
      variables: { 'sync-runner': { RUN_LEASE_MS: String(leaseMs), CLOCK_TOLERANCE_MS: '500' } },
    });
    runners = [installation.service('sync-runner'), await installation.addReplica('sync-runner')];
  }, 180_000);

  afterAll(async () => {
    await installation?.stop();
    await engines?.stop();
  }, 120_000);

  it('neither reads, judges nor sweeps twice when the one that slept goes on (P6, I14)', async () => {
    const company = await SyncedCompany.connect(installation, seed, churn);
    await company.untilSwept(4);
    let takenOver = 0;
    for (let number = 0; number < pauses; number += 1) {
      company.churn.next();
      const round = company.round();
      if (await pauseHolder()) takenOver += 1;
      await round;
    }
    await company.untilSwept(4);
    const faults = new Faults();
    const figures = await checkAll(installation, company.churn, faults);
    const late = await checkLateMessages(faults);
    const result = { seed, users, pauses, takenOver, late, runs: company.states, ...figures };
    process.stderr.write(`${JSON.stringify({ ...result, violations: faults.byInvariant })}\n`);
    expect(faults.list).toEqual([]);
    // Else nothing was tried: most pauses outlast the lease of a run that is still read.
    expect(takenOver).toBeGreaterThan(pauses / 2);
  }, 3_600_000);

  /** Stops who holds a run at a random moment, until somebody else took it. True when somebody did. */
  async function pauseHolder(): Promise<boolean> {
    const held = await waitFor('a run that somebody holds', () =>
      runsNow().findOne({ state: { $nin: [...runEndStates] }, lease: { $ne: null } }),
    );
    const holder = held.lease!.holder;
    const runner = runners.find(({ pid }) => holder.includes(`:${pid}:`));
    if (runner === undefined) throw new Error(`${holder} is none of the two`);
    await sleep(random() * 1_500);
    process.kill(runner.pid, 'SIGSTOP');
    try {
      const now = await waitFor('the run to change hands or to be over', async () => {
        const run = await runsNow().findOne({ _id: held._id });
        return run && (run.lease?.holder !== holder || runEndStates.includes(run.state)) ? run : null;
      });
      return now.lostHolders > held.lostHolders;
    } finally {
      process.kill(runner.pid, 'SIGCONT');
    }
  }

  const runsNow = () => installation.environment.databases.collection(runs);

  /** I14: what an earlier generation still sent after the START of the next one has changed nothing. Returns how many. */
  async function checkLateMessages(faults: Faults): Promise<number> {
    const { databases, kafka } = installation.environment;
    const newest = new Map<string, number>();
    const late: string[] = [];
    await streamTopic(kafka, rawRecordsTopic, ({ partition, offset, value }) => {
      const { k, i, g } = JSON.parse(value) as RawMessage;
      const known = newest.get(i) ?? 0;
      if (k === 'start') newest.set(i, Math.max(known, g));
      else if (g < known) late.push(positionText({ partition, epoch: 0 }, offset));
    });
    for (const position of late) {
      const made = await databases
        .collection(changes)
        // In whatever epoch of the records they were made.
        .countDocuments({ _id: { $regex: `^${position.replace('/', '(-[0-9a-z]{12})?/')}/` } });
      if (made > 0) faults.add('I14', `${made} changes were made by the late message ${position}`);
    }
    return late.length;
  }
});
