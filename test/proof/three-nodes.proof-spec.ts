import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runs } from '@rollcall/collections';
import { runEndStates, type ServiceName, serviceNames } from '@rollcall/contracts';
import { ThreeNodes } from '@rollcall/engines';
import { waitFor } from '@rollcall/testing';

import { Installation, type InstallationOptions } from '../e2e/installation.js';
import { checkAll } from './all-checks.js';
import { proofVendors } from './churn.js';
import { Faults } from './faults.js';
import { SyncedCompany } from './synced-company.js';
import { tierOf } from './tiers.js';

const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 1_000_000);
const { users, churn } = tierOf('T0');
const readyWithinMs = 180_000;

const forAll = (settings: Record<string, string>): InstallationOptions['variables'] =>
  Object.fromEntries(serviceNames.map((name): [ServiceName, Record<string, string>] => [name, settings]));

/** `npm run proof:three-nodes`; needs about 4 GB of memory and some minutes. */
describe(`three brokers and a set of three members, seed ${seed}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-three-nodes-'));
  let nodes: ThreeNodes;

  beforeAll(async () => {
    const firstPort = 15_000 + Math.floor(Math.random() * 10_000);
    nodes = await ThreeNodes.start({ directory, firstPort });
    process.env['KAFKA_BROKERS'] = nodes.kafkaBrokers;
    process.env['MONGODB_URI'] = nodes.mongodbUri;
  }, 300_000);

  afterAll(async () => {
    await nodes?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 120_000);

  it('are what production wants: all services start and tell which settings they found (P1)', async () => {
    const installation = await Installation.start({
      services: serviceNames,
      simulator: { company: 'load:10', seed: 'three-nodes', vendors: proofVendors },
      variables: forAll({ NODE_ENV: 'production', KAFKA_REPLICATION: '3', ALLOW_LOOPBACK: 'false' }),
      isProvisioned: true,
      readyWithinMs,
    });
    try {
      for (const name of serviceNames) {
        const { checks } = (await (await fetch(`${installation.service(name).url}/readyz`)).json()) as Readiness;
        const detail = checks['settings']!.detail;
        expect(detail).toContain('MongoDB: members with data 3');
        expect(detail).toContain('replication factor 3');
        expect(detail).toContain('min.insync.replicas 2');
      }
    } finally {
      await installation.stop();
    }
  }, 600_000);

  it('lose one machine after the other with all its data in the middle of runs, and nothing of ours (P1, P3)', async () => {
    const installation = await Installation.start({
      services: serviceNames,
      simulator: { company: `load:${users / proofVendors.length}`, seed: String(seed), vendors: proofVendors },
      variables: forAll({ KAFKA_REPLICATION: '3' }),
      readyWithinMs,
    });
    try {
      installation.simulator.control.settings({ rateLimit: null });
      const company = await SyncedCompany.connect(installation, seed, churn);
      await company.round();
      const lost: number[] = [];
      // Each time the one that takes the database's writes, which is another one after each loss.
      for (let loss = 0; loss < 3; loss += 1) {
        company.churn.next();
        const round = company.round();
        await waitFor('a run to be under way', () => isReading(installation));
        const machine = await nodes.primary();
        await nodes.lose(machine);
        lost.push(machine);
        await round;
        await waitFor('all services to be ready again', () => areReady(installation), 60_000);
        await nodes.replace(machine);
      }
      company.churn.next();
      await company.untilSwept(4);
      const faults = new Faults();
      const figures = await checkAll(installation, company.churn, faults);
      const result = { seed, users, lost, runs: company.states, ...figures, violations: faults.byInvariant };
      process.stderr.write(`${JSON.stringify({ ...result, engines: nodes.description })}\n`);
      expect(faults.list).toEqual([]);
    } finally {
      await installation.stop();
    }
  }, 1_800_000);
});

interface Readiness {
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

async function isReading({ environment: { databases } }: Installation): Promise<boolean> {
  return (await databases.collection(runs).countDocuments({ state: { $nin: [...runEndStates] } })) > 0;
}

async function areReady(installation: Installation): Promise<boolean> {
  const answers = await Promise.all(
    serviceNames.map((name) => fetch(`${installation.service(name).url}/readyz`).catch(() => null)),
  );
  return answers.every((answer) => answer?.ok === true);
}
