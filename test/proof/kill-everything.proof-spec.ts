import { writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';

import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { type Connected, connectVendor, createOffboarding } from '../../apps/cli/src/demo/demo-steps.js';
import { CanaryScan, newCanary } from '../e2e/canaries.js';
import { Installation } from '../e2e/installation.js';
import { Churn, proofVendors } from './churn.js';
import { checkDeadLetters, checkIntents, checkMails, checkQuiet } from './effect-checks.js';
import { checkEvents } from './event-checks.js';
import { Faults } from './faults.js';
import { MemoryWatch } from './memory-watch.js';
import { Nemesis } from './nemesis.js';
import { OwnEngines } from './own-engines.js';
import { checkAccounts, checkPeople, laterRevisions, storedRecords } from './record-checks.js';
import { seededRandom } from './seeded-random.js';
import { SteadyClient } from './steady-client.js';
import { tierOf } from './tiers.js';

const tier = tierOf(process.env['PROOF_TIER']);
const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const resultFile = process.env['PROOF_RESULT'];

/** Memory that a service may take (I13, P8), in megabytes. */
const memoryLimit = 512;
const runsAfterTheLastFault = 4;

describe(`${tier.name}: ${tier.killsPerPart} kills over everything during runs of ${tier.users} users, seed ${seed}`, () => {
  const started = Date.now();
  const secrets = { lastpass: newCanary(), jumpcloud: newCanary() };
  const states: Record<string, number> = {};
  let engines: OwnEngines;
  let installation: Installation;
  let client: SteadyClient;
  let connected: Connected[];
  let churn: Churn;
  let memory: MemoryWatch;

  beforeAll(async () => {
    process.stderr.write(`proof seed ${seed} (--seed ${seed} takes the same decisions again)\n`);
    engines = await OwnEngines.start();
    installation = await Installation.start({
      services: serviceNames,
      simulator: {
        company: `load:${tier.users / proofVendors.length}`,
        seed: String(seed),
        vendors: proofVendors,
        credentials: {
          lastpass: { cid: '1234567', provhash: secrets.lastpass },
          jumpcloud: { apiKey: secrets.jumpcloud },
        },
      },
      variables: { 'sync-runner': { RUN_LEASE_MS: '6000', CLOCK_TOLERANCE_MS: '500' } },
      readyWithinMs: 180_000,
    });
    installation.simulator.control.settings({ rateLimit: null });
    client = new SteadyClient(installation.gatewayUrl, installation.apiKey);
    const demo = new DemoClient(installation.gatewayUrl, installation.apiKey);
    connected = [];
    for (const access of installation.vendors) connected.push(await connectVendor(demo, access));
    const [lastpass, jumpcloud] = connected as [Connected, Connected];
    await createOffboarding(demo, jumpcloud, lastpass);
    churn = new Churn(installation.simulator, seededRandom(seed + 1), tier.churn);
    memory = new MemoryWatch(installation);
  }, 300_000);

  afterAll(async () => {
    memory?.stop();
    await installation?.stop();
    await engines?.stop();
  }, 120_000);

  /**
   * One run of each integration at once. True when both completed and swept: the first good run has nothing to compare its
   * scope with and sweeps nobody (A13 e).
   */
  async function round(): Promise<boolean> {
    const runs = await Promise.all(
      connected.map(async ({ integration }) => {
        const begun = await client.start(integration);
        if (begun === null) return null;
        churn.started(begun.id);
        return client.ended(begun.id);
      }),
    );
    for (const run of runs) {
      const state = run === null ? 'not-started' : run.state === 'failed' ? `failed: ${run.reason?.code}` : run.state;
      states[state] = (states[state] ?? 0) + 1;
    }
    return runs.every((run) => run?.state.startsWith('completed') === true && run.verdict?.decision === 'pass');
  }

  it('loses nothing, invents nothing, deactivates nobody wrongly, and comes to rest by itself', async () => {
    const nemesis = new Nemesis(installation, engines, seededRandom(seed), tier);
    const played = nemesis.play();
    const rounds = async () => {
      while (!nemesis.isDone) {
        churn.next();
        await round();
      }
    };
    // Whoever does not come back ends the proof at once.
    await Promise.all([played, rounds()]);
    for (let left = runsAfterTheLastFault; !(await round()); left -= 1) expect(left).toBeGreaterThan(0);

    const faults = new Faults();
    await checkQuiet(installation, faults);
    const stored = await storedRecords(installation);
    await checkAccounts(installation, stored, faults);
    await checkPeople(installation, stored, faults);
    const events = await checkEvents(installation, stored, churn, faults);
    const later = await laterRevisions(installation);
    if (later !== events.laterRevisions)
      faults.add('I5', `${later} changes and ${events.laterRevisions} events of them`);
    const intents = await checkIntents(installation, faults);
    const mails = await checkMails(installation, faults);
    await checkDeadLetters(installation, faults);
    await checkSecrets(faults);
    for (const [service, peak] of Object.entries(memory.peaks)) {
      if (peak > memoryLimit) faults.add('I13', `${service} took ${peak} MB`);
    }
    const kinds = nemesis.faults.map(({ kind, victims }) => `${kind} ${[...victims].sort().join(' and ')}`);
    const result = {
      tier: tier.name,
      seed,
      users: tier.users,
      kills: nemesis.kills,
      pauses: nemesis.faults.filter(({ kind }) => kind === 'pause').length,
      faults: countsOf(kinds),
      rounds: churn.rounds,
      runs: states,
      accounts: stored.accounts.size,
      people: stored.people.size,
      ...events,
      intents,
      ...mails,
      peakMegabytes: memory.peaks,
      violations: faults.byInvariant,
      seconds: Math.round((Date.now() - started) / 1000),
      engines: engines.descriptions.map((text) => text.split(':')[0]),
    };
    if (resultFile !== undefined) writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    expect(faults.list).toEqual([]);
  }, 3_600_000);

  /** I10: the vendors' secrets stand in no log. */
  async function checkSecrets(faults: Faults): Promise<void> {
    const scan = new CanaryScan(secrets);
    await scan.logs(installation.logs);
    for (const hit of scan.hits) faults.add('I10', hit);
  }
});

function countsOf(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of [...kinds].sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
