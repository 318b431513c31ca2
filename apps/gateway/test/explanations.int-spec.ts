import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accounts,
  type ChangeDocument,
  changes,
  heldPlans,
  operators,
  people,
  planLines,
  type RunDocument,
  runs,
} from '@rollcall/collections';
import type { Explanation, Verdict } from '@rollcall/contracts';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildChange, buildPerson, buildRun } from './records.js';

const time = '2026-11-09T09:00:00.000Z';
const at = new Date(time);
const verdict: Verdict = {
  decision: 'pass',
  reasons: [],
  activeAtStart: 251,
  staged: 1,
  approved: 1,
  samples: [],
  returned: null,
  refuted: [],
  planHash: null,
  decidedAt: time,
};

/** Somebody whom an approved run deactivated, as the services would have written it. */
async function storeDeactivation({ environment: { databases } }: GatewayUnderTest): Promise<void> {
  const person = buildPerson({ _id: 'cy', active: false, revision: 2, keys: undefined });
  const account = buildAccount({ _id: 'int-9:cy', integration: 'int-9', person: 'cy', active: false, revision: 2 });
  await databases.collection(people).insertMany([person, buildPerson({ _id: 'ada' })]);
  await databases.collection(accounts).insertOne(account);
  await databases.collection(operators).insertOne({
    _id: 'iris',
    email: 'iris@example.com',
    emailKey: 'iris@example.com',
    name: 'Iris',
    state: 'active',
    grants: [{ role: 'approver', limit: null }],
    passwordHash: null,
    rolesFromProvider: false,
    createdAt: at,
    lastSignInAt: null,
    version: 1,
  });
  const { id: _, ...run } = buildRun({
    integration: 'int-9',
    integrationName: 'Directory',
    approves: 'run-8',
    verdict,
  });
  const read = { _id: 'run-9', ...run, startedAt: time, evidence: { pages: 3, distinct: 250, total: 250 } };
  await databases.collection(runs).insertOne(read as RunDocument);
  await databases.collection(heldPlans).insertOne({
    _id: 'run-8',
    integration: 'int-9',
    integrationName: 'Directory',
    state: 'approved',
    run: 'run-8',
    hash: 'example-hash',
    reasons: [],
    staged: 1,
    activeAtStart: 251,
    samples: ['cy'],
    heldAt: at,
    runs: 1,
    expiresAt: at,
    decidedBy: 'operator:iris',
    decidedAt: time,
    note: 'They left',
    approvalRun: 'run-9',
  });
  await databases.collection(planLines).insertOne({
    _id: 'run-9/0000000',
    run: 'run-9',
    number: 0,
    kind: 'missing',
    account: 'int-9:cy',
    vendorId: 'cy',
    username: 'cy@example.com',
    revision: 1,
    protected: false,
    approved: true,
    state: 'executed',
    staleReason: null,
    at,
  });
  const cause = { kind: 'sweep', run: 'run-9', integration: 'int-9', line: 'missing', initial: false } as const;
  const ended = { cause, time, changed: { active: true } };
  const { _id: record, ...after } = account;
  await databases.collection(changes).insertMany([
    { ...buildChange(person, 2, 'run-9'), ...ended, event: 'person.deactivated' },
    {
      ...buildChange(person, 2, 'run-9'),
      ...ended,
      _id: 'p00/000000000002/0001',
      kind: 'account',
      record,
      event: 'saas-user.deactivated',
      after: { id: record, ...after } as ChangeDocument['after'],
    },
  ]);
}

describe('the explanation of a deactivation', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await storeDeactivation(gateway);
  }, 90_000);
  afterAll(async () => gateway?.stop(), 60_000);

  const explain = async (person: string) =>
    (await gateway.as('get', `/people/${person}/deactivation`).expect(200)).body as Explanation;

  it('says in words what was read, what the vendor said, how it was judged and who approved it', async () => {
    const { active, summary, facts } = await explain('cy');
    expect(active).toBe(false);
    expect(summary).toContain('This person is not active. The run of "Directory"');
    const texts = facts.map(({ kind, text }) => `${kind}: ${text}`);
    expect(texts).toContain(
      'evidence: The run had read the whole list of "Directory": 250 users on 3 pages; the vendor itself said that there are 250.',
    );
    expect(texts.find((text) => text.startsWith('vendor'))).toContain('cy@example.com was not in the list.');
    expect(texts.find((text) => text.startsWith('rule'))).toContain('1 of 251 active accounts would be deactivated');
    expect(texts).toContain(
      'decision: The guard had held 1 deactivation. Iris approved them, with the note "They left".',
    );
  });

  it('says so where nobody was deactivated, and is missing where there is nobody', async () => {
    expect((await explain('ada')).summary).toBe('This person is active and was never deactivated.');
    await gateway.as('get', '/people/nobody/deactivation').expect(404);
  });
});
