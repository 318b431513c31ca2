import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { intents, notices, outgoingMail, workflowRuns } from '@rollcall/collections';
import {
  type AuditVerification,
  type ErasureRecord,
  type Page,
  type PersonRecord,
  serviceNames,
  topics,
} from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { createOffboarding } from '../../apps/cli/src/demo/demo-steps.js';
import { Company } from './company.js';
import { Installation } from './installation.js';

/** Every form in which documents may quote them is text, so that their own bytes are what is looked for. */
const canary = `canary${randomBytes(6).toString('hex')}`;
const mail = `${canary}@example.com`;
const staff = 12;
/** As Kafka numbers its kinds of resources. */
const topicResource = 2;

let installation: Installation;
let company: Company;

beforeAll(async () => {
  installation = await Installation.start({ services: serviceNames, simulator: { company: 'load:1' } });
  company = await Company.open(installation, 'erasure', staff);
}, 180_000);

afterAll(async () => {
  await company?.close();
  await installation?.stop();
}, 60_000);

/** Documents of all databases that hold the canary; what erasures look for while they are open is one of them. */
async function placesOf(text: string): Promise<string[]> {
  const { databases, namespace } = installation.environment;
  const places: string[] = [];
  const all = await databases.client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of all.databases.filter((database) => database.name.startsWith(`${namespace}_`))) {
    for (const { name: collection } of await databases.client
      .db(name)
      .listCollections({}, { nameOnly: true })
      .toArray()) {
      for await (const document of databases.client.db(name).collection(collection).find({}, { raw: true })) {
        const bytes = (document as unknown as Buffer).toString('latin1');
        if (bytes.toLowerCase().includes(text)) places.push(`${name.slice(namespace.length + 1)}.${collection}`);
      }
    }
  }
  return [...new Set(places)].sort();
}

describe('the erasure of a person', () => {
  it('has no topic to clean that keeps the newest message of a key: all of them delete by age', async () => {
    const { kafka } = installation.environment;
    const resources = topics.map(({ name }) => ({ type: topicResource, name: kafka.nameOf(name) }));
    const described = await kafka.withAdmin((admin) => admin.describeConfigs({ resources, includeSynonyms: false }));
    const policies = described.resources.map(
      ({ configEntries }) => configEntries.find(({ configName }) => configName === 'cleanup.policy')?.configValue,
    );
    expect(policies).toEqual(topics.map(() => 'delete'));
  });

  it('leaves nothing of them in any database, also of what a workflow did, whichever services are killed meanwhile', async () => {
    const { rest } = company;
    const { control } = company.simulator;
    const { id, email } = control.company().vendors.jumpcloud!.accounts.at(-1)!;
    const account = { vendor: 'jumpcloud', id } as const;
    const same = control.company().vendors.lastpass!.accounts.find((one) => one.email === email)!;
    const client = new DemoClient(installation.gatewayUrl, installation.apiKey);
    await createOffboarding(client, company.connected('jumpcloud'), company.connected('lastpass'));
    control.mutate([
      { op: 'rename-email', ...account, newEmail: mail },
      { op: 'rename-email', vendor: 'lastpass', id: same.id, newEmail: mail },
      { op: 'set-field', ...account, field: 'username', value: canary },
      { op: 'set-field', ...account, field: 'displayname', value: `Canary ${canary}` },
    ]);
    await company.run();
    const list = await rest.request<Page<PersonRecord>>('GET', `/people?q=${canary}`);
    const [person] = list.body.items;
    const set = { set: { job_title: `${canary}-title` } };
    expect((await rest.request('PATCH', `/people/${person!.id}/overrides`, { body: set })).status).toBe(200);
    const path = `/people/${person!.id}/erasure`;
    const body = { reason: 'ticket 1' };

    const early = await rest.request<{ code: string }>('POST', path, { body });
    expect(early).toMatchObject({ status: 409, body: { code: 'person-still-active' } });
    control.mutate([{ op: 'remove-user', ...account }]);
    const left = await company.runOf('jumpcloud');
    expect(left.counts).toMatchObject({ deactivated: 1 });
    const { databases } = installation.environment;
    await waitFor(
      'the workflow to deactivate them at the other vendor',
      async () => (await databases.collection(intents).countDocuments({ state: 'done' })) === 1,
      90_000,
    );
    await waitFor('the workflow run to end', async () => {
      const [run] = await databases.collection(workflowRuns).find().toArray();
      return run?.state === 'completed';
    });
    // What the workflow did there is what this run sees.
    await company.runOf('lastpass');
    // What may quote them in the services that only hear of people.
    const told = { title: 'A run', text: `It would deactivate ${canary} and others.` };
    await databases.collection(notices).insertOne({
      _id: 'n1',
      incident: 'i',
      contact: { name: 'C', email: 'c@example.com' },
      ...told,
      createdAt: new Date().toISOString(),
    } as never);
    await databases
      .collection(outgoingMail)
      .insertOne({ _id: 'n1', subject: told.title, text: told.text, state: 'sent', createdAt: new Date() } as never);
    expect(await placesOf(canary)).toEqual(
      expect.arrayContaining([
        'gateway.auditEvents',
        'mapping.accounts',
        'mapping.changes',
        'mapping.people',
        'notifier.notices',
        'sync_runner.runs',
        'workflow.intents',
      ]),
    );

    await installation.service('notifier').kill();
    await installation.service('workflow').kill();
    const asked = await rest.request<ErasureRecord>('POST', path, { body });
    expect(asked).toMatchObject({ status: 200, body: { id: person!.id, state: 'open' } });
    await installation.service('sync-runner').kill();
    await installation.service('mapping').kill();
    await installation.service('gateway').kill();
    await Promise.all(
      (['mapping', 'gateway', 'notifier', 'sync-runner', 'workflow'] as const).map((service) =>
        installation.service(service).restart(),
      ),
    );
    const done = await waitFor(
      'all services to confirm',
      async () => {
        const { body: now } = await rest.request<ErasureRecord>('GET', `/erasures/${person!.id}`);
        return now.state === 'done' ? now : null;
      },
      90_000,
    );
    expect(done).toMatchObject({ waitsFor: [], accounts: 2, doneAt: expect.any(String) });
    expect(await placesOf(canary)).toEqual([]);
    expect(await placesOf(id)).toEqual([]);

    const after = await rest.request<PersonRecord>('GET', `/people/${person!.id}`);
    expect(after.body).toMatchObject({ id: person!.id, active: false, values: {}, erasedAt: done.at });
    const everybody = await rest.request<Page<PersonRecord>>('GET', '/people?limit=100');
    expect(everybody.body.items.map((one) => one.id)).not.toContain(person!.id);
    const filter = encodeURIComponent('erasedAt gt "2020-01-01T00:00:00Z"');
    const erased = await rest.request<Page<PersonRecord>>('GET', `/people?filter=${filter}`);
    expect(erased.body.items.map((one) => one.id)).toEqual([person!.id]);
    const audit = await rest.request<AuditVerification>('GET', '/audit-events/verification');
    expect(audit).toMatchObject({ status: 200, body: { broken: 0, faults: [] } });
    const again = await rest.request<ErasureRecord>('POST', path, { body });
    expect(again).toMatchObject({ status: 200, body: { state: 'done', at: done.at } });

    // The other vendor lists them as inactive to this day.
    await company.run();
    expect(await placesOf(canary)).toEqual([]);
  }, 300_000);
});
