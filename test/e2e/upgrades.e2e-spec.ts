import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, integrations, people, positions, runs, schemaOf } from '@rollcall/collections';
import { type IntegrationRecord, runEndStates, type RunRecord, serviceNames } from '@rollcall/contracts';
import { TestEnvironment, waitFor } from '@rollcall/testing';
import type { VendorId } from '@rollcall/vendor-simulator';

import { upgradeDatabases } from '../../apps/cli/src/stack/upgrade-databases.js';
import { ReadableApi } from '../upgrades/readable-api.js';
import { factsOf, loadRelease } from '../upgrades/release-data.js';
import { type Dump, dumpOf } from './database-dump.js';
import { Installation } from './installation.js';
import { Rest } from './rest.js';

describe.each(['7ff3aaf', '9c53b95'])('the data of release %s', (release) => {
  let installation: Installation;
  let rest: Rest;
  let before: Activity;

  beforeAll(async () => {
    const { seed, company, ports, mutations, vendorCredentials: credentials, kek } = await factsOf(release);
    const vendors = Object.keys(credentials) as VendorId[];
    installation = await Installation.start({
      services: serviceNames,
      simulator: { seed, company, ports, credentials, vendors },
      kek,
      isProvisioned: true,
      // Nothing is read at the vendors before they are as the data says.
      startedLater: ['mapping', 'sync-runner'],
      load: async (environment) => {
        await loadRelease(release, environment);
        await putOffSchedules(environment);
        before = await activityOf(environment);
      },
      // Reports of runs that were open are lost with the topics of that time.
      variables: { 'sync-runner': { REPORT_WAIT_MS: '5000' } },
    });
    rest = new Rest(installation.gatewayUrl, installation.apiKey);
    installation.simulator.control.mutate([...mutations]);
    await suspendWhoIsInactive(installation);
    await Promise.all([installation.addReplica('mapping'), installation.addReplica('sync-runner'), acceptNewTopic()]);
  }, 300_000);

  afterAll(async () => {
    await installation?.stop();
  }, 60_000);

  async function call<Body>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Body> {
    const reply = await rest.request<Body>(method, path, { body });
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
    return reply.body;
  }

  /** Mapping refuses to work with a topic that it does not know until somebody says that this is right. */
  async function acceptNewTopic(): Promise<void> {
    const known = installation.environment.databases.collection(positions);
    await waitFor(
      'all positions to be accepted',
      async () => {
        // Partitions are opened one by one, and only what is refused can be accepted.
        await rest.request('POST', '/system/positions/reset');
        return (await known.countDocuments({ epoch: 0 })) === 0;
      },
      120_000,
    );
  }

  it('can be read in every list and every record', async () => {
    const api = new ReadableApi(rest);
    await api.readAll();
    expect(api.refused).toEqual([]);
    const told = [...api.read].filter(([, count]) => count > 0).map(([path]) => path);
    expect(told).toEqual(expect.arrayContaining(['/accounts/{id}', '/runs/{id}', '/workflow-runs/{id}', '/notices']));
  }, 120_000);

  it('has runs that were open when the services were stopped, and they come to an end', async () => {
    const open = () =>
      installation.environment.databases
        .collection(runs)
        .find({ state: { $nin: [...runEndStates] } })
        .toArray();
    await waitFor('the end of all runs', async () => (await open()).length === 0, 120_000);
    const closed = await installation.environment.databases.collection(integrations).find({ openRun: null }).toArray();
    expect(closed).toHaveLength(await installation.environment.databases.collection(integrations).countDocuments());
  }, 150_000);

  it('deactivates nobody by being brought up to date', async () => {
    expect(await activityOf(installation.environment)).toEqual(before);
  });

  it('has integrations that run as before, each of them', async () => {
    const { items } = await call<{ items: IntegrationRecord[] }>('GET', '/integrations');
    expect(items.length).toBeGreaterThan(3);
    const ended: Record<string, unknown> = {};
    for (const { id, name, state } of items) {
      if (state !== 'active') await call('POST', `/integrations/${id}/launch`);
      const run = await call<RunRecord>('POST', `/integrations/${id}/runs`);
      const look = async () => {
        const found = await call<RunRecord>('GET', `/runs/${run.id}`);
        return runEndStates.includes(found.state) && found;
      };
      const { reason, counts, problems } = await waitFor(`the end of the run of ${name}`, look, 120_000);
      // Users of today's simulators may lack a value that the mapping of then wants, and are named for it. And where two people
      // were merged and an account was split off again, whose a new account with that address is waits for a decision.
      const others = problems.filter(({ code }) => code !== 'required-value-missing' && code !== 'shared-key');
      ended[name] = { reason, problems: others, deactivated: counts?.deactivated };
    }
    const well = { reason: null, problems: [], deactivated: 0 };
    expect(ended).toEqual(Object.fromEntries(items.map(({ name }) => [name, well])));
    expect((await activityOf(installation.environment)).inactive).toEqual(before.inactive);
  }, 240_000);
});

describe('rollcall provision', () => {
  let environment: TestEnvironment;
  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await loadRelease('7ff3aaf', environment);
  }, 60_000);
  afterAll(async () => {
    await environment.remove();
  });

  const upgrade = async (dryRun: boolean) => {
    const lines: string[] = [];
    const { namespace } = environment;
    const log = (line: string) => lines.push(line);
    await upgradeDatabases({ mongodbUri: process.env['MONGODB_URI']!, namespace, dryRun, log });
    return lines.join('\n');
  };

  it('says with --dry-run what it would change and how to make a backup, and changes nothing', async () => {
    const untouched: Dump = await dumpOf(environment);
    const said = await upgrade(true);
    expect(said).toMatch(/would be changed/);
    expect(said).toMatch(/_sync_runner: integrations, runs/);
    expect(said).toMatch(/rollcall down.*then copy mongodb/);
    expect(await dumpOf(environment)).toEqual(untouched);
  });

  /** What a service says, and ends with, when it is started on these databases. */
  const refusal = async (): Promise<string> => {
    const main = join(process.cwd(), 'apps', 'sync-runner', 'dist', 'main.js');
    const env = { PATH: process.env['PATH'], ...environment.variables({ NODE_ENV: 'development', LOG_LEVEL: 'info' }) };
    const ended = await promisify(execFile)(process.execPath, [main], { env }).catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: 1 });
    const { stdout, stderr } = ended as { stdout: string; stderr: string };
    return stdout + stderr;
  };

  it('is asked for by a service that finds data of an earlier release, which changes nothing then', async () => {
    const untouched: Dump = await dumpOf(environment);
    expect(await refusal()).toMatch(/sync-runner cannot start: .*An earlier version.*backup.*rollcall provision/);
    expect(await dumpOf(environment)).toEqual(untouched);
  }, 60_000);

  it('brings all databases up to date, says so, and has nothing to do the second time', async () => {
    const said = await upgrade(false);
    expect(said).toMatch(/_sync_runner: \d+ documents of runs changed/);
    expect(said).toMatch(/of this version now/);
    expect(await upgrade(false)).toBe('');
  });

  it('and the services change nothing of what a later version wrote, and say what to do', async () => {
    await environment.databases
      .collection(schemaOf('sync-runner'))
      .updateOne({ _id: 'schema' }, { $inc: { version: 1 } });
    const untouched: Dump = await dumpOf(environment);
    expect(await refusal()).toMatch(/version \d+, and version \d+ is needed.*Install that later version, or restore/);
    await expect(upgrade(false)).rejects.toThrow(/Install that later version, or restore the backup/);
    expect(await dumpOf(environment)).toEqual(untouched);
  }, 60_000);
});

interface Activity {
  readonly active: readonly string[];
  readonly inactive: readonly string[];
}

/** Who is active, by the ids of their accounts and people. */
/** Slots of the past would be caught up with, and those of now come, while the test compares what only it changes. */
async function putOffSchedules({ databases }: TestEnvironment): Promise<void> {
  const hours = 12 * 60 * 60_000;
  const later = new Date(Math.floor(Date.now() / 60_000) * 60_000 + hours);
  const cron = `${later.getUTCMinutes()} ${later.getUTCHours()} * * *`;
  await databases
    .collection(integrations)
    .updateMany(
      { nextRunAt: { $ne: null } },
      { $set: { schedule: { cron, zone: 'UTC' }, nextRunAt: later.toISOString() } },
    );
}

async function activityOf({ databases }: TestEnvironment): Promise<Activity> {
  const of = async (active: boolean) => [
    ...(await databases.collection(accounts).find({ active }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id),
    ...(await databases.collection(people).find({ active }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id),
  ];
  return { active: await of(true), inactive: await of(false) };
}

/** What the vendors knew at last of those whom workflows deactivated. */
async function suspendWhoIsInactive({ environment, simulator }: Installation): Promise<void> {
  const inactive = await environment.databases.collection(accounts).find({ active: false }).toArray();
  const { vendors } = simulator.control.company();
  for (const { connector, vendorId } of inactive) {
    const known = vendors[connector as keyof typeof vendors]?.accounts.find(({ id }) => id === vendorId);
    if (known?.active === true) simulator.control.mutate([{ op: 'suspend', vendor: connector, id: vendorId }]);
  }
}
