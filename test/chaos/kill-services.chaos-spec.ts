import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountDocument, accounts, changes, people } from '@rollcall/collections';
import { peopleTopic, type RunRecord, saasUsersTopic } from '@rollcall/contracts';
import { readTopic, waitFor } from '@rollcall/testing';

import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { type Connected, connectVendor } from '../../apps/cli/src/demo/demo-steps.js';
import { Installation } from '../e2e/installation.js';
import { type Random, seededRandom } from './seeded-random.js';

const users = Number(process.env['CHAOS_USERS'] ?? 20_000);
const kills = Number(process.env['CHAOS_KILLS'] ?? 10);
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

/** Leavers between the first and the second snapshot; below the guard's limit of 5 %. */
const leavers = 40;

describe(`kill -9 of mapping and sync-runner during runs of ${users} users, seed ${seed}`, () => {
  let installation: Installation;
  let client: DemoClient;
  let connected: Connected;

  beforeAll(async () => {
    process.stderr.write(`chaos seed ${seed} (CHAOS_SEED=${seed} repeats it)\n`);
    installation = await Installation.start({
      services: ['gateway', 'credential-vault', 'sync-runner', 'mapping'],
      simulator: { company: `load:${users}`, seed: String(seed), vendors: ['lastpass'] },
      variables: { 'sync-runner': { RUN_LEASE_MS: '3000', CLOCK_TOLERANCE_MS: '500' } },
    });
    client = new DemoClient(installation.gatewayUrl, installation.apiKey);
    connected = await connectVendor(client, installation.vendors[0]!);
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('ends with records equal to the vendor, gapless revisions, one set of bytes an event, no false deactivation', async () => {
    const random = seededRandom(seed);
    await underKills(random, kills / 2);
    const [first] = await truth();
    installation.simulator.control.mutate([{ op: 'remove-users', vendor: 'lastpass', count: leavers }]);
    await underKills(random, kills / 2);
    const [last, active] = await truth();
    const gone = [...first].filter((id) => !last.has(id));
    expect(gone).toHaveLength(leavers);

    const stored = await installation.environment.databases.collection(accounts).find().toArray();
    expect(new Set(stored.filter((account) => account.active).map(({ vendorId }) => vendorId))).toEqual(active);
    expect(stored.filter((account) => !account.active && gone.includes(account.vendorId))).toHaveLength(leavers);
    await expectOnePersonEach(stored);
    await expectHistory(new Set(gone), stored);
  }, 600_000);

  /** Runs until one completes after all kills have happened; a run that fails by the kills is started again. */
  async function underKills(random: Random, count: number): Promise<void> {
    let left = count;
    const nemesis = (async () => {
      for (; left > 0; left -= 1) {
        await sleep(300 + random() * 2500);
        const victim = installation.service(random() < 0.6 ? 'mapping' : 'sync-runner');
        await victim.kill();
        await victim.restart();
      }
    })();
    const completed = (async () => {
      for (;;) {
        const startedAfterKills = left === 0;
        const run = await startAndAwait();
        if (startedAfterKills && run.state.startsWith('completed')) return;
      }
    })();
    await nemesis;
    await completed;
  }

  async function startAndAwait(): Promise<RunRecord> {
    const run = await waitFor(
      'a run to start',
      async () => {
        try {
          return await client.post<RunRecord>(`/integrations/${connected.integration}/runs`);
        } catch {
          return null;
        }
      },
      120_000,
    );
    return waitFor(
      `run ${run.id} to end`,
      async () => {
        const current = await client.get<RunRecord>(`/runs/${run.id}`).catch(() => null);
        return current?.endedAt ? current : null;
      },
      180_000,
    );
  }

  async function truth(): Promise<[Set<string>, Set<string>]> {
    const vendor = installation.simulator.control.company().vendors['lastpass']!;
    const ids = vendor.accounts.map((account) => account.id);
    return [new Set(ids), new Set(vendor.accounts.filter((account) => account.active).map((account) => account.id))];
  }

  async function expectOnePersonEach(stored: readonly AccountDocument[]): Promise<void> {
    const persons = await installation.environment.databases.collection(people).find().toArray();
    const byId = new Map(persons.map((person) => [person._id, person]));
    expect(new Set(persons.flatMap((person) => person.keys ?? [])).size).toBe(persons.length);
    for (const account of stored) {
      const person = byId.get(account.person!)!;
      expect([person.values['email'], person.active]).toEqual([account.values['email'], account.active]);
    }
  }

  /** I3, I4, I5: from the topics and the changes alone. */
  async function expectHistory(gone: ReadonlySet<string>, stored: readonly AccountDocument[]): Promise<void> {
    const { kafka, databases } = installation.environment;
    const bytes = new Map<string, string>();
    const revisions = new Map<string, number[]>();
    for (const topic of [saasUsersTopic, peopleTopic]) {
      for (const { value } of await readTopic(kafka, topic)) {
        const event = JSON.parse(value) as {
          id: string;
          type: string;
          subject: string;
          data: { revision: number; record: { vendorId?: string } };
        };
        const known = bytes.get(event.id);
        if (known !== undefined) {
          expect(known).toBe(value);
          continue;
        }
        bytes.set(event.id, value);
        revisions.set(event.subject, [...(revisions.get(event.subject) ?? []), event.data.revision]);
        if (event.type === 'saas-user.deactivated') expect(gone.has(event.data.record.vendorId!)).toBe(true);
      }
    }
    const broken = [...revisions].filter(([, list]) => !isGapless(list));
    expect(broken).toEqual([]);
    for (const account of stored) expect(Math.max(...revisions.get(account._id)!)).toBe(account.revision);
    const changed = await databases.collection(changes).countDocuments({ revision: { $gt: 1 } });
    const laterEvents = [...revisions.values()].flat().filter((revision) => revision > 1).length;
    expect(laterEvents).toBe(changed);
  }
});

function isGapless(list: readonly number[]): boolean {
  return [...list].sort((a, b) => a - b).every((revision, index) => revision === index + 1);
}
