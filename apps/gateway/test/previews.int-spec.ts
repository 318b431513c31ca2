import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AccountDocument,
  type PersonDocument,
  plans,
  type PreviewLineDocument,
  previewLines,
  runs,
} from '@rollcall/collections';
import type { Page, Preview, PreviewLine } from '@rollcall/contracts';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildPerson, buildRun } from './records.js';

let gateway: GatewayUnderTest;
let key: string;
const at = new Date();

const line = (
  after: AccountDocument | PersonDocument,
  overrides: Partial<PreviewLineDocument>,
): PreviewLineDocument => ({
  _id: `run-p/7/${overrides.kind ?? 'person'}/${after._id}`,
  plan: 'run-p/7',
  kind: 'person',
  record: after._id,
  action: 'update',
  inline: null,
  staged: null,
  name: after._id,
  person: after._id,
  isNewPerson: false,
  rule: { code: 'follows-account', text: 'Follows from an account.' },
  changed: {},
  after,
  at,
  ...overrides,
});

async function get<Body>(path: string, status = 200): Promise<Body> {
  const { body } = await gateway.as('get', path, key).expect(status);
  return body as Body;
}

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  key = await gateway.keyWith('read');
  const { databases } = gateway.environment;
  const { id, ...run } = buildRun({ id: 'run-p', scope: 'preview', state: 'completed', endedAt: at.toISOString() });
  await databases
    .collection(runs)
    .insertMany([
      { _id: id, ...run, pinned: null } as never,
      { ...run, _id: 'run-old', endedAt: '2026-01-01T00:00:00.000Z', pinned: null } as never,
      { ...run, _id: 'run-full', scope: 'full', pinned: null } as never,
    ]);
  const plan = { integration: 'int-1', lines: 1, hash: null, undone: null, at };
  await databases.collection(plans).insertOne({ _id: 'run-p', generation: 7, ...plan });
  const sales = (number: number, from: string | null, to: string | null) =>
    line(
      buildPerson({
        _id: `person-${number}`,
        keys: [`email:${number}`],
        values: to === null ? {} : { department: to },
        provenance: to === null ? {} : { department: 'int-1:9' },
      }),
      { changed: { 'values.department': from, active: true }, planKeys: [`run-p/7/email:${number}`] },
    );
  await databases.collection(previewLines).insertMany([
    ...Array.from({ length: 4 }, (_, number) => sales(number, 'Sales', 'Revenue')),
    sales(4, null, 'Revenue'),
    sales(5, 'Sales', null),
    line(buildPerson({ _id: 'person-new', keys: undefined as never, values: { department: 'Legal' } }), {
      action: 'create',
    }),
    line(buildAccount({ _id: 'int-1:1', error: { code: 'several-matches', message: 'Whose is it?' } }), {
      kind: 'account',
      action: 'create',
      inline: 'create',
      person: null,
    }),
    // Of an attempt that was read again: means nothing.
    line(buildPerson({ _id: 'person-lost', keys: undefined as never }), { _id: 'run-p/6/person/x', plan: 'run-p/6' }),
  ]);
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

describe('a preview over REST', () => {
  it('counts what a run would do, and says until when it may be applied', async () => {
    const none = { create: 0, update: 0, reactivate: 0, deactivate: 0 };
    expect(await get<Preview>('/runs/run-p/preview')).toMatchObject({
      run: { id: 'run-p', scope: 'preview' },
      accounts: { ...none, create: 1 },
      people: { ...none, create: 1, update: 6 },
      needsDecision: 1,
      expiresAt: new Date(at.getTime() + 24 * 60 * 60 * 1000).toISOString(),
      notApplicable: null,
    });
    expect(await get<Preview>('/runs/run-old/preview')).toMatchObject({
      people: none,
      notApplicable: 'The preview is older than 24 hours. Make another one.',
    });
  });

  it('groups changed values, so that one wrong rule is seen at once', async () => {
    expect(await get('/runs/run-p/preview/groups')).toEqual({
      items: [
        {
          field: 'values.department',
          count: 6,
          steps: [
            { from: 'Sales', to: 'Revenue', count: 4 },
            { from: null, to: 'Revenue', count: 1 },
            { from: 'Sales', to: null, count: 1 },
          ],
        },
      ],
    });
  });

  it('lists its lines by kind, action, field and want of a decision, page by page', async () => {
    const lines = (query: string) => get<Page<PreviewLine>>(`/runs/run-p/preview/lines?${query}`);
    const first = await lines('kind=person&action=update&limit=3');
    expect(first.items).toHaveLength(3);
    expect(first.items[0]).toMatchObject({
      record: 'person-0',
      fields: [
        { field: 'values.department', from: 'Sales', to: 'Revenue', source: 'int-1:9' },
        { field: 'active', from: true, to: true, source: null },
      ],
    });
    expect((await lines(`kind=person&action=update&limit=3&cursor=${first.page.next}`)).items).toHaveLength(3);
    const ofDepartment = (await lines('field=values.department')).items;
    expect(ofDepartment).toHaveLength(6);
    expect(ofDepartment.at(-1)!.fields[0]).toEqual({
      field: 'values.department',
      from: 'Sales',
      to: null,
      source: null,
    });
    const undecided = await lines('needsDecision=true');
    expect(undecided.items).toMatchObject([{ record: 'int-1:1', error: { code: 'several-matches' }, person: null }]);
  });

  it('is a 404 for a run that is none', async () => {
    expect(await get('/runs/run-full/preview', 404)).toMatchObject({ code: 'not-found' });
    await get('/runs/nowhere/preview/lines', 404);
  });
});
