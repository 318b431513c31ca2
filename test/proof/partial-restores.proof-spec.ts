import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';
import { RecordFollower } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
import { type Backup, backUp, restoreDatabase, restoreTopics } from '../e2e/snapshots.js';
import { AfterLoss } from './after-loss.js';
import { Faults } from './faults.js';
import { OwnEngines } from './own-engines.js';
import { inAnyOrder, seededRandom } from './seeded-random.js';
import { startWithSlowVendors } from './slow-company.js';
import { SyncedCompany } from './synced-company.js';
import { untilReading } from './under-way.js';

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const users = 2_000;
/** Whoever leaves does so once, and stays away. */
const churn = { changed: 30, gone: 2, suspended: 0, added: 2 };
const parts = [...serviceNames, 'topics', 'databases'] as const;
type Part = (typeof parts)[number];
const chosen = (process.env['PROOF_RESTORES']?.split(',') ?? inAnyOrder(parts, seededRandom(seed))) as Part[];

/** `npm run proof:partial-restores`; about ten minutes. `PROOF_RESTORES=mapping,topics` for some. */
describe(`parts that are restored to the middle of an earlier run of ${users} users, seed ${seed}: ${chosen.join(', ')}`, () => {
  let engines: OwnEngines;
  let installation: Installation;

  beforeAll(async () => {
    engines = await OwnEngines.start();
    // So that a backup is taken, and a part is lost, in the middle of a run.
    installation = await startWithSlowVendors({
      users,
      seed,
      latencyMs: 200,
      variables: { 'sync-runner': { REPORT_WAIT_MS: '15000' } },
    });
  }, 300_000);

  afterAll(async () => {
    await installation?.stop();
    await engines?.stop();
  }, 120_000);

  it('leave runs that end by themselves, and after what the guides advise all is as the vendors say', async () => {
    const company = await SyncedCompany.connect(installation, seed, churn);
    const follower = await new RecordFollower(installation.environment.kafka).follow();
    const after = new AfterLoss(installation, follower);
    await company.untilSwept(3);
    const faults = new Faults();
    const seen: object[] = [];
    for (const part of chosen) {
      const beganAt = performance.now();
      const backup = await backUpDuringARun(company);
      company.churn.next();
      await company.round();
      company.churn.next();
      // Nobody waits for these: the run may be one that the restored database never heard of.
      const lost = company.round().catch(() => undefined);
      await untilReading(installation);
      await Promise.all(serviceNames.map((name) => installation.service(name).kill()));
      await restore(part, backup);
      const accepted = after.acceptTopics();
      await Promise.all([...serviceNames.map((name) => installation.service(name).restart()), accepted]);
      await after.untilNoRunIsOpen();
      await lost;
      await company.untilSwept(5);
      await after.resync();
      const figures = await after.check(faults);
      seen.push({ part, seconds: Math.round((performance.now() - beganAt) / 1000), ...figures });
      process.stderr.write(`${JSON.stringify(seen.at(-1))}\n`);
      expect(faults.list).toEqual([]);
    }
    const effects = installation.simulator.control.ledger().filter(({ kind }) => kind === 'effect').length;
    process.stderr.write(`${JSON.stringify({ seed, users, parts: seen, runs: company.states, effects })}\n`);
    expect(effects).toBeGreaterThan(0);
  }, 3_600_000);

  /** All of one moment: services stand still meanwhile. */
  async function backUpDuringARun(company: SyncedCompany): Promise<Backup> {
    company.churn.next();
    const round = company.round();
    await untilReading(installation);
    const pids = serviceNames.map((name) => installation.service(name).pid);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      return await backUp(installation.environment);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await round;
    }
  }

  async function restore(part: Part, backup: Backup): Promise<void> {
    if (part === 'topics') return restoreTopics(installation.environment, backup);
    for (const service of part === 'databases' ? serviceNames : [part]) {
      await restoreDatabase(installation.environment, backup, service);
    }
  }
});
