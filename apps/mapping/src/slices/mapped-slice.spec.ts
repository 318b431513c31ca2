import { describe, expect, it } from '@jest/globals';
import { builtInFields, type MappingDefinition, type RawUser } from '@rollcall/contracts';
import { buildUser } from '@rollcall/testing';

import { buildReading } from '../../test/build-documents.js';
import { inProcess } from '../../test/in-process-expressions.js';
import { compileMapping } from '../mappings/compile-mapping.js';
import { footprintOf, mapSlice } from './mapped-slice.js';

const definition: MappingDefinition = {
  entries: [
    { to: 'email', from: { kind: 'field', path: 'email' } },
    { to: 'level', from: { kind: 'field', path: 'level' } },
  ],
  syncKeys: ['email'],
  rules: { onlyIf: { name: 'staff', expression: 'type != "robot"' }, restoreArchived: true },
};
const fields = [
  ...builtInFields.map((field) => ({ ...field, required: false })),
  { variable: 'level', label: 'Level', type: 'number' as const, unique: false, required: true },
];
const user = (id: string, raw: Record<string, unknown> = {}, more: Partial<RawUser> = {}) =>
  buildUser(id, { raw: { email: `${id}@example.com`, level: 1, type: 'human', ...raw }, ...more });

async function mapped(...messages: RawUser[][]) {
  const mapping = compileMapping(1, definition, fields, inProcess);
  await mapping.evaluate(messages.flat());
  const slice = {
    kind: 'records',
    integration: 'acme',
    generation: 3,
    run: 'run-2',
    messages: messages.map((users, index) => ({
      offset: 10 + index,
      askedAt: 500 + index,
      users,
      source: undefined as never,
    })),
    first: { offset: 10, digest: 'a' },
    last: { offset: 10 + messages.length, digest: 'b' },
  } as const;
  return mapSlice({ partition: 1, epoch: 0 }, slice, buildReading(), mapping, new Date(0));
}

describe('a slice that was mapped', () => {
  it('holds who can be written and who cannot, each once, with page time and message', async () => {
    const { observed, refused, seen, time } = await mapped(
      [user('a'), user('b', { level: null }), user('a', { email: 'again@example.com' })],
      [user('c', { type: 'robot' }), user('d', {}, { status: 'unknown' })],
    );
    expect(observed.map(({ user: { id }, offset, askedAt, values }) => [id, offset, askedAt, values['email']])).toEqual(
      [
        ['a', 10, 500, 'a@example.com'],
        ['d', 11, 501, 'd@example.com'],
      ],
    );
    expect(refused.map(({ user: { id }, offset, askedAt, refusal }) => [id, offset, askedAt, refusal])).toEqual([
      ['b', 10, 500, { bringsBack: true }],
      ['c', 11, 501, { bringsBack: false }],
    ]);
    expect(seen).toMatchObject({
      _id: 'acme/3/10',
      ids: ['a', 'b', 'c', 'd'],
      unknownStatus: 1,
      rejected: 1,
      skipped: 1,
      passedOver: 1,
    });
    expect(seen.problems.map(({ id, code }) => [id, code])).toEqual([['b', 'required-value-missing']]);
    expect(time).toBe(seen.at.toISOString());
  });

  it('names values that are no key, and says of what kind they are', async () => {
    const { observed, seen } = await mapped([user('a', { email: 'n/a' }), user('b')]);
    expect(seen.problems).toEqual([
      {
        id: 'a',
        code: 'value-is-no-key',
        message: expect.stringMatching(/^The value of Email is not an e-mail address\. /),
      },
    ]);
    expect(observed.map(({ keys }) => keys.size)).toEqual([0, 1]);
  });

  it('names fields that could not be made, with the cure for each kind', async () => {
    const loose = compileMapping(
      1,
      {
        entries: [
          { to: 'level', from: { kind: 'field', path: 'level' } },
          { to: 'title', from: { kind: 'field', path: 'title', transforms: [{ kind: 'trim' }] } },
        ],
        syncKeys: ['email'],
      },
      [
        { variable: 'level', label: 'Level', type: 'number', unique: false, required: false },
        { variable: 'title', label: 'Title', type: 'short-text', unique: false, required: false },
      ],
      inProcess,
    );
    const { slice } = await mapped([user('a', { level: 'four', title: {} })]);
    const { seen } = mapSlice({ partition: 1, epoch: 0 }, slice, buildReading(), loose, new Date(0));
    expect(seen.problems.map(({ code, message }) => [code, message])).toEqual([
      ['value-of-wrong-type', expect.stringMatching(/"level" .* It keeps its value\. Correct the value at the vendor/)],
      ['mapping-failed', expect.stringMatching(/"title" .* It keeps its value\. Correct the mapping\.$/)],
    ]);
  });

  it('touches accounts and keys of those who can be written, and accounts of those who cannot', async () => {
    const slice = await mapped([
      user('a'),
      user('b', { level: null }),
      user('c', { type: 'robot' }),
      user('d', { email: '-' }),
    ]);
    expect([...footprintOf(slice)].sort()).toEqual(['acme:a', 'acme:b', 'acme:c', 'acme:d', 'email:a@example.com']);
  });
});
