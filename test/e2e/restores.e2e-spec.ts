import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accounts, people, recordEpochs, workflowRuns } from '@rollcall/collections';
import {
  activateWorkflow,
  createWorkflow,
  isEnded,
  peopleTopic,
  type RunRecord,
  saasUsersTopic,
  serviceNames,
  type WorkflowRunRecord,
  workflowsTopic,
} from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { readTopic, RecordFollower, waitFor } from '@rollcall/testing';

import { publishedAccount, publishedPerson } from '../../apps/mapping/src/changes/record-change.js';
import { Faults } from '../proof/faults.js';
import { checkAccounts, checkPeople, storedRecords } from '../proof/record-checks.js';
import { Company, vendorIds } from './company.js';
import { Installation } from './installation.js';
import { type Backup, backUp, restoreDatabase, restoreTopics } from './snapshots.js';

jest.setTimeout(300_000);

/** So many that those who leave in all scenarios are below what the guard lets pass in a day. */
const users = 500;

/** Each part of an installation put back to an earlier moment, while everything else and the vendors went on. */
describe('an installation of which something was restored from before', () => {
  let installation: Installation;
  let company: Company;
  let follower: RecordFollower;
  /** Completed runs of the workflow, by whom it was for: read from the topic before it is put back. */
  const handled = new Map<string, Set<string>>();
  const handledAgain = new Set<string>();
  let round = 0;

  beforeAll(async () => {
    installation = await Installation.start({
      services: serviceNames,
      simulator: { company: 'load:1' },
      variables: { 'sync-runner': { REPORT_WAIT_MS: '15000' } },
    });
    company = await Company.open(installation, 'restores', users);
    follower = new RecordFollower(installation.environment.kafka);
    await activateOffboarding();
    await goOn();
  }, 300_000);

  afterAll(async () => {
    await company?.close();
    await installation?.stop();
  }, 60_000);

  /** Reads the leaver, and acts on no vendor. */
  async function activateOffboarding(): Promise<void> {
    const { environment } = installation;
    const [publisher, signing] = [await environment.publisherOf('gateway'), await environment.signingOf('gateway')];
    const sender = new CommandSender('gateway', publisher, environment.databases, signing);
    const id = randomUUID();
    const { credential } = await company.integrationOf('jumpcloud');
    const definition = {
      begin: { trigger: 'saas-user.deactivated' as const, app: 'jumpcloud', includeInitial: false },
      blocks: [
        {
          ...{ id: 'look', kind: 'api' as const, connector: 'jumpcloud', preset: 'get-user', inputs: {} },
          credential: credential!,
        },
      ],
    };
    const options = { aggregate: id, actor: 'test', correlationId: id };
    const input = { id, name: 'Offboarding', description: '', definition };
    const made = await sender.send(createWorkflow, { ...options, idempotencyKey: `make-${id}`, input });
    const activated = await sender.send(activateWorkflow, { ...options, idempotencyKey: id, input: { id } });
    expect([made.outcome.status, activated.outcome.status]).toEqual(['done', 'done']);
  }

  /** One leaves, one comes, at both vendors; a run of each integration; and the workflow for the leaver. */
  async function goOn(): Promise<void> {
    round += 1;
    const email = `newcomer-${round}@example.com`;
    company.mutate((vendor) => [
      // Not the first ones: they are administrators, whom the guard protects.
      { op: 'remove-user', vendor, id: company.idOf(vendor, 9) },
      { op: 'add-user', vendor, email, firstName: 'New', lastName: `Comer ${round}` },
    ]);
    await runBoth();
    await workflowsEnded();
    await follower.follow();
    await noteHandled();
  }

  const workflowsEnded = () =>
    waitFor(
      'the workflow runs to end',
      async () => {
        const started = await company.databases.collection(workflowRuns).find().toArray();
        return started.every(({ endedAt }) => endedAt !== null);
      },
      60_000,
    );

  async function noteHandled(): Promise<void> {
    for (const { value } of await readTopic(installation.environment.kafka, workflowsTopic)) {
      const { type, data } = JSON.parse(value) as { type: string; data: { workflowRun: WorkflowRunRecord } };
      if (type !== 'workflow-run.completed' && type !== 'workflow-run.failed') continue;
      const { subject, id } = data.workflowRun;
      handled.set(subject, (handled.get(subject) ?? new Set()).add(id));
    }
  }

  /** @param accept what a person does while the services start */
  async function restore(
    restored: (backup: Backup) => Promise<void>,
    accept: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const backup = await backUp(installation.environment);
    await goOn();
    await goOn();
    await Promise.all(serviceNames.map((name) => installation.service(name).stop()));
    try {
      await restored(backup);
    } finally {
      await Promise.all([...serviceNames.map((name) => installation.service(name).restart()), accept()]);
    }
  }

  /** True once mapping refuses none. Until the gateway has started, nobody answers. */
  async function acceptTopics(): Promise<boolean> {
    try {
      const { status } = await company.rest.request('POST', '/system/positions/reset');
      const { ok } = await fetch(`${installation.service('mapping').url}/readyz`);
      return status === 200 && ok;
    } catch {
      return false;
    }
  }

  const epoch = () => company.databases.collection(recordEpochs).findOne({ _id: 'records' });
  const resynced = () => waitFor('all records to be said', async () => (await epoch())?.resync === null, 90_000);

  const openRunsEnded = () =>
    waitFor(
      'open runs to end',
      async () => {
        const { body } = await company.rest.request<{ items: RunRecord[] }>('GET', '/runs?limit=50');
        return body.items.every(({ state }) => isEnded(state));
      },
      120_000,
    );

  /**
   * A run of both. A command that started a run within its deadline, and whose result a restored database forgot, starts
   * one again when its topic is read again: then it is in the way.
   */
  async function runBoth(): ReturnType<Company['run']> {
    for (let left = 3; ; left -= 1) {
      await openRunsEnded();
      try {
        return await company.run();
      } catch (error) {
        if (left === 0 || !String(error).includes('is still open')) throw error;
      }
    }
  }

  /** Open runs end by themselves; then the vendors are read until both integrations are as good as ever. */
  async function recovered(): Promise<void> {
    let said = '';
    for (let left = 3; left > 0; left -= 1) {
      const ended = await runBoth();
      said = vendorIds.map((vendor) => `${ended[vendor].state} ${ended[vendor].reason?.code ?? ''}`).join(', ');
      for (const { state, reason } of Object.values(ended)) {
        expect(state.startsWith('completed') || reason !== null).toBe(true);
      }
      if (vendorIds.every((vendor) => ended[vendor].state.startsWith('completed'))) return;
    }
    throw new Error(`three rounds, and in none of them both integrations completed; in the last: ${said}`);
  }

  /** @param forgotten mapping, sync-runner and workflow were restored at once, so nobody knows of what was done since */
  async function expectAllWell({ forgotten = false } = {}): Promise<void> {
    await resynced();
    await workflowsEnded();
    const stored = await storedRecords(installation);
    const faults = new Faults();
    await checkAccounts(companyAsInstallation(), stored, faults);
    await checkPeople(companyAsInstallation(), stored, faults);
    expect(faults.list).toEqual([]);
    await follower.follow();
    const { databases } = company;
    const plain = (records: readonly { id: string }[]) =>
      new Map(records.map((record) => [record.id, JSON.parse(JSON.stringify(record)) as object]));
    const [allAccounts, allPeople] = [
      await databases.collection(accounts).find().toArray(),
      await databases.collection(people).find().toArray(),
    ];
    expect(follower.recordsOf(saasUsersTopic)).toEqual(plain(allAccounts.map(publishedAccount)));
    expect(follower.recordsOf(peopleTopic)).toEqual(plain(allPeople.map(publishedPerson)));
    expect(follower.faults).toEqual([]);
    await noteHandled();
    // A leaver is handled by one run of the workflow, unless everybody forgot it; and acted on once, whoever forgot it.
    const again = [...handled].flatMap(([subject, ids]) => (ids.size > 1 ? [subject] : []));
    if (forgotten) for (const subject of again) handledAgain.add(subject);
    expect(again.filter((subject) => !handledAgain.has(subject))).toEqual([]);
    const effects = company.simulator.control.ledger().flatMap((entry) => (entry.kind === 'effect' ? [entry.id] : []));
    expect(effects.filter((id, index) => effects.indexOf(id) !== index)).toEqual([]);
  }

  /** The checks ask the vendors of the installation; here they are the company's. */
  function companyAsInstallation(): Installation {
    return new Proxy(installation, {
      get: (target, property) =>
        property === 'simulator' ? company.simulator : (Reflect.get(target, property, target) as unknown),
    });
  }

  it.each(serviceNames)('goes on after the database of %s alone was restored', async (service) => {
    await restore((backup) => restoreDatabase(installation.environment, backup, service));
    await recovered();
    await expectAllWell();
  });

  it('goes on after all databases were restored and no topic', async () => {
    await restore(async (backup) => {
      for (const service of serviceNames) await restoreDatabase(installation.environment, backup, service);
    });
    await recovered();
    await expectAllWell({ forgotten: true });
  });

  it('goes on after all topics were restored and no database, once a person has accepted them', async () => {
    await restore(
      (backup) => restoreTopics(installation.environment, backup),
      () => waitFor('the partitions to be accepted', acceptTopics, 120_000).then(() => undefined),
    );
    await recovered();
    await expectAllWell();
  });

  it('goes on after all databases and topics were restored from one backup, once a person has said so', async () => {
    await restore(async (backup) => {
      await restoreTopics(installation.environment, backup);
      for (const service of serviceNames) await restoreDatabase(installation.environment, backup, service);
    });
    await recovered();
    expect((await company.rest.request('POST', '/system/records/resync')).status).toBe(200);
    await expectAllWell({ forgotten: true });
  });
});
