import { describe, expect, it } from '@jest/globals';
import { builtInFields, type MappingSource, type RawUser } from '@rollcall/contracts';

import { inProcess } from '../../test/in-process-expressions.js';
import { compileMapping } from './compile-mapping.js';
import { evaluateSamples, masked } from './evaluate-samples.js';

const path = (text: string): MappingSource => ({ kind: 'field', path: text });
const user = (id: string, raw: Record<string, unknown>): RawUser => ({
  id,
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: null,
  raw,
});
const mapping = compileMapping(
  1,
  {
    entries: [
      { to: 'username', from: path('mail') },
      { to: 'email', from: path('mail') },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'job_title', from: { kind: 'expression', expression: '$uppercase(title)' } },
    ],
    syncKeys: ['email'],
    rules: { onlyIf: { name: 'people only', expression: 'kind != "robot"' }, restoreArchived: true },
  },
  builtInFields,
  inProcess,
);

describe('a mapping tried on real records', () => {
  it('shows what would be written, passed over and rejected, with the errors counted, and masks every value', async () => {
    const readAt = new Date('2026-03-02T10:00:00Z');
    const users = [
      user('u-17', { mail: 'Ada.L@example.com', title: 'Engineer', kind: 'human' }),
      user('u-18', { mail: 'bo@example.com', title: 3, kind: 'human' }),
      user('u-19', { mail: 'cy@example.com', title: 4, kind: 'human' }),
      user('u-20', { mail: 'bot@example.com', kind: 'robot' }),
      user('u-21', { kind: 'human' }),
    ];
    const { records, errors, readAt: at } = await evaluateSamples(mapping, users, readAt);
    expect(at).toBe('2026-03-02T10:00:00.000Z');
    expect(records.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written', 'skipped', 'rejected']);
    expect(records[0]).toMatchObject({
      id: 'x-99',
      values: { email: 'Xxx.X@xxxxxxx.xxx', job_title: 'XXXXXXXX', role: 'Xxxxxxxx' },
      failures: [],
    });
    expect(records[1]).toMatchObject({ values: { job_title: null }, failures: [{ to: 'job_title' }] });
    expect(records[4]).toMatchObject({ reason: { code: 'required-value-missing' } });
    expect(errors).toMatchObject([{ to: 'job_title', count: 2 }]);
    expect(JSON.stringify(records)).not.toMatch(/[Aa]da|bo@|Engineer|u-17/);
  });

  it('says that there is nothing to try it on', async () => {
    expect(await evaluateSamples(mapping, [], null)).toEqual({ readAt: null, records: [], errors: [] });
  });

  it.each([
    ['Ada Lovelace', 'Xxx Xxxxxxxx'],
    ['+49 (0)170', '+99 (9)999'],
    ['Ünal-Øre', 'Xxxx-Xxx'],
    ['李雷 ☃', 'xx ☃'],
  ])('masks %s as %s', (text, mask) => {
    expect(masked(text)).toBe(mask);
  });
});
