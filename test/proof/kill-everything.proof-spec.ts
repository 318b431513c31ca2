import { writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';

import { CanaryScan, newCanary } from '../e2e/canaries.js';
import { Installation } from '../e2e/installation.js';
import { checkAll, type Figures } from './all-checks.js';
import { proofVendors } from './churn.js';
import { Faults } from './faults.js';
import { MemoryWatch } from './memory-watch.js';
import { Nemesis } from './nemesis.js';
import { OwnEngines } from './own-engines.js';
import { seededRandom } from './seeded-random.js';
import { SyncedCompany } from './synced-company.js';
import { tierOf } from './tiers.js';

const tier = tierOf(process.env['PROOF_TIER']);
const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
/** Processes of each service. */
const replicas = Number(process.env['PROOF_REPLICAS'] ?? 1);
const resultFile = process.env['PROOF_RESULT'];

/** Memory that a service may take (I13, P8), in megabytes. */
const memoryLimit = 512;
const roundsAfterTheLastFault = 5;

const everything = replicas === 1 ? 'everything' : `${replicas} replicas of every service`;

describe(`${tier.name}: ${tier.killsPerPart} kills over ${everything} during runs of ${tier.users} users, seed ${seed}`, () => {
  const started = Date.now();
  const secrets = { lastpass: newCanary(), jumpcloud: newCanary() };
  let engines: OwnEngines;
  let installation: Installation;
  let company: SyncedCompany;
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
      hasWrongClocks: true,
    });
    for (let more = 1; more < replicas; more += 1) {
      await Promise.all(serviceNames.map((service) => installation.addReplica(service)));
    }
    installation.simulator.control.settings({ rateLimit: null });
    company = await SyncedCompany.connect(installation, seed, tier.churn);
    memory = new MemoryWatch(installation);
  }, 300_000);

  afterAll(async () => {
    memory?.stop();
    try {
      await installation?.stop();
    } finally {
      await engines?.stop();
    }
  }, 180_000);

  it('loses nothing, invents nothing, deactivates nobody wrongly, and comes to rest by itself', async () => {
    const nemesis = new Nemesis(installation, engines, seededRandom(seed), tier);
    const played = nemesis.play();
    const rounds = async () => {
      while (!nemesis.isDone) {
        company.churn.next();
        await company.round();
      }
    };
    // Whoever does not come back ends the proof at once.
    await Promise.all([played, rounds()]);
    await refused();
    // Two, so that whoever left between them is deactivated in at least one.
    for (let swept = 0; swept < 2; swept += 1) {
      if (swept > 0) company.churn.next();
      await company.untilSwept(roundsAfterTheLastFault);
    }

    const faults = new Faults();
    const figures = await checkAll(installation, company.churn, faults);
    await checkSecrets(faults);
    checkNotVacuous(figures, faults);
    for (const [service, peak] of Object.entries(memory.peaks)) {
      if (peak > memoryLimit) faults.add('I13', `${service} took ${peak} MB`);
    }
    const kinds = nemesis.faults.map(({ kind, victims }) => `${kind} ${[...victims].sort().join(' and ')}`);
    const result = {
      tier: tier.name,
      seed,
      users: tier.users,
      replicas,
      kills: nemesis.kills,
      pauses: nemesis.faults.filter(({ kind }) => kind.endsWith('pause')).length,
      faults: countsOf(kinds),
      rounds: company.churn.rounds,
      runs: company.states,
      ...figures,
      peakMegabytes: memory.peaks,
      violations: faults.byInvariant,
      seconds: Math.round((Date.now() - started) / 1000),
      engines: engines.descriptions.map((text) => text.split(':')[0]),
    };
    if (resultFile !== undefined) writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    expect(faults.list).toEqual([]);
  }, 3_600_000);

  /** A proof of nothing is none: without anybody deactivated and anything done to anybody, I3, I6, I7 and I9 hold anyway. */
  function checkNotVacuous(figures: Figures, faults: Faults): void {
    const { deactivated, intents, notices, mails } = figures;
    for (const [what, count, least] of [
      ['rounds that swept', company.swept, 2],
      ['deactivations', deactivated, company.swept],
      ['intents', intents, 1],
      ['notices', notices, 1],
      ['mails', mails, 1],
    ] as const) {
      if (count < least) faults.add('vacuous', `${count} ${what}, and at least ${least} are needed to prove anything`);
    }
  }

  /** A round in which a vendor lets nobody in: somebody has to be told (I9). */
  async function refused(): Promise<void> {
    const { control } = installation.simulator;
    const fault = { kind: 'status', status: 403 } as const;
    control.addFaults([{ vendor: proofVendors[0], match: { operation: 'list', times: 'always' }, fault }]);
    try {
      expect(await company.round()).toBe(false);
    } finally {
      control.clearFaults();
    }
  }

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
