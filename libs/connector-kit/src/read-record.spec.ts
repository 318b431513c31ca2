import { describe, expect, it } from '@jest/globals';
import { type RawUser } from '@rollcall/contracts';

import { readRecord, readRecords, recordWithoutId } from './read-record.js';
import { VendorError } from './vendor-error.js';
import { parseVendorJson } from './vendor-json.js';

type Json = Record<string, unknown>;

function readUser(record: Json): RawUser {
  const { id } = record;
  if (typeof id !== 'string') throw recordWithoutId('Example', 'id');
  return {
    id,
    status: 'active',
    role: null,
    lastActivityAt: null,
    administrator: false,
    username: `${id}@example.com`,
    raw: record,
  };
}

function recordsOf(records: unknown[]): Json[] {
  return (parseVendorJson(JSON.stringify({ records })) as { records: Json[] }).records;
}

function failureOf(attempt: () => unknown): VendorError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VendorError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const big = 'x'.repeat(2 * 1024 * 1024 + 1);

describe('records of a page', () => {
  it('stay users when they cannot be taken, with the reason and nothing of the record (B7)', () => {
    const [first, second] = readRecords(
      recordsOf([
        { id: '1', name: 'A' },
        { id: '2', big },
      ]),
      readUser,
    );
    expect(first).toMatchObject({ id: '1', raw: { id: '1', name: 'A' } });
    expect(first).not.toHaveProperty('problem');
    expect(second).toMatchObject({
      id: '2',
      username: '2@example.com',
      raw: {},
      problem: { code: 'record-too-large' },
    });
    expect(second?.problem?.message).toContain('its field "big" is too large');
  });

  it('end the page when one has no id, with its place and its field', () => {
    const { code, message, details } = failureOf(() => readRecords(recordsOf([{ id: '1' }, { id: 2 }]), readUser));
    expect({ code, message }).toEqual({
      code: 'vendor-record-unusable',
      message: 'Example answered a user without a usable id in "id".',
    });
    expect(details).toEqual({ record: 2 });
  });

  it('say why the id is missing when it was what could not be taken', () => {
    const { message } = failureOf(() => readRecords(recordsOf([{ id: big }]), readUser));
    expect(message).toContain('Of that record its field "id" is too large');
  });

  it('may lie beside their id', () => {
    const { Users } = parseVendorJson(JSON.stringify({ Users: { 7: { big }, 8: {} } })) as { Users: Json };
    const users = readRecords(
      Object.entries(Users),
      ([id, record]) => readUser({ ...(record as Json), id }),
      ([, record]) => record,
    );
    expect(users.map(({ id, problem }) => [id, problem?.code])).toEqual([
      ['7', 'record-too-large'],
      ['8', undefined],
    ]);
  });
});

describe('a single record', () => {
  it('is read in the same way', () => {
    const record = parseVendorJson(JSON.stringify({ id: '1', big }), { recordDepth: 0 });
    const user = readRecord(record, () => readUser(record as Json));
    expect(user).toMatchObject({ id: '1', problem: { code: 'record-too-large' } });
  });

  it('is no user when it has no id, but another answer than the one that was asked for', () => {
    expect(failureOf(() => readRecord({ error: 'no' }, () => readUser({ error: 'no' }))).code).toBe(
      'vendor-answer-unexpected',
    );
  });
});
