import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames, topics, topicsOwnedBy } from '@rollcall/contracts';
import { ensureTopics } from '@rollcall/messaging';
import { RecordFollower, waitFor } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
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
/** Commands live for an hour and are sent again by whoever asks; what runs and records are made of is what may be lost. */
const nouns = topics.map(({ noun }) => noun).filter((noun) => !noun.startsWith('commands.'));
const chosen = process.env['PROOF_TOPICS']?.split(',') ?? inAnyOrder(nouns, seededRandom(seed));

/** `npm run proof:recreated-topics`; about ten minutes. `PROOF_TOPICS=raw-records,people` for some. */
describe(`topics that are deleted and made again during runs of ${users} users, seed ${seed}: ${chosen.join(', ')}`, () => {
  let engines: OwnEngines;
  let installation: Installation;

  beforeAll(async () => {
    engines = await OwnEngines.start();
    // So that a topic goes in the middle of a run.
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

  it('end no service, and after what the guides advise all is as the vendors say', async () => {
    const company = await SyncedCompany.connect(installation, seed, churn);
    const follower = await new RecordFollower(installation.environment.kafka).follow();
    const after = new AfterLoss(installation, follower);
    await company.untilSwept(3);
    const pids = serviceNames.map((name) => installation.service(name).pid);
    const faults = new Faults();
    const seen: object[] = [];
    for (const noun of chosen) {
      const beganAt = performance.now();
      company.churn.next();
      const round = company.round();
      await untilReading(installation);
      await recreate(noun);
      await after.acceptTopics();
      await round;
      await company.untilSwept(4);
      await after.resync();
      const figures = await after.check(faults);
      seen.push({ noun, seconds: Math.round((performance.now() - beganAt) / 1000), ...figures });
      process.stderr.write(`${JSON.stringify(seen.at(-1))}\n`);
      expect(faults.list).toEqual([]);
    }
    const effects = installation.simulator.control.ledger().filter(({ kind }) => kind === 'effect').length;
    process.stderr.write(`${JSON.stringify({ seed, users, topics: seen, runs: company.states, effects })}\n`);
    expect(serviceNames.map((name) => installation.service(name).pid)).toEqual(pids);
    expect(effects).toBeGreaterThan(0);
  }, 3_600_000);

  /** With the settings that it had, as `rollcall provision` makes it. */
  async function recreate(noun: string): Promise<void> {
    const { kafka } = installation.environment;
    const { name, owner } = topics.find((topic) => topic.noun === noun)!;
    await kafka.withAdmin((admin) => admin.deleteTopics({ topics: [kafka.nameOf(name)] }));
    await waitFor('the topic to be gone', () =>
      kafka.withAdmin(async (admin) => !(await admin.listTopics()).includes(kafka.nameOf(name))),
    );
    await ensureTopics(kafka, topicsOwnedBy(owner), 1);
  }
});
