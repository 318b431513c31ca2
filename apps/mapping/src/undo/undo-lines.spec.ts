import { describe, expect, it } from '@jest/globals';
import type { UndoLeft, UndoReason } from '@rollcall/contracts';

import { buildAccount } from '../../test/build-documents.js';
import { lineOf, withoutTakenKey } from './undo-lines.js';

const at = new Date('2026-02-01T00:00:00.000Z');
const left = (...reasons: UndoReason[]): UndoLeft[] =>
  reasons.map((reason) => ({ field: null, reason, by: null, at: null }));
const line = (...reasons: UndoReason[]) => lineOf('run-1', 'acme:1', buildAccount(), left(...reasons), at);

describe('the line of an account that keeps something', () => {
  it('names the account, its person and what is left', () => {
    expect(line('held')).toEqual({
      ...{ _id: 'run-1/acme:1', run: 'run-1', account: 'acme:1', name: 'ada@example.com', person: 'person-1' },
      ...{ state: 'skipped', left: left('held'), at },
    });
  });

  it('names an account without a user name by the id at its vendor, and one that is gone by its own', () => {
    const nameless = buildAccount({ username: null, person: null });
    expect(lineOf('run-1', 'acme:1', nameless, left('held'), at)).toMatchObject({ name: '1', person: null });
    expect(lineOf('run-1', 'acme:1', undefined, left('gone'), at)).toMatchObject({ name: 'acme:1', person: null });
  });

  it.each([
    [['held'], 'skipped'],
    [['protected', 'held'], 'skipped'],
    [['held', 'changed-since'], 'conflict'],
    [['key-taken'], 'conflict'],
  ] as const)('with %j left is a %s', (reasons, state) => {
    expect(line(...reasons).state).toBe(state);
  });

  it('goes when a taken value was all that was left, and else says only the rest', () => {
    expect(withoutTakenKey(line('key-taken'))).toBeNull();
    expect(withoutTakenKey(line('held', 'key-taken'))).toEqual(line('held'));
    expect(withoutTakenKey(line('gone', 'key-taken'))).toEqual(line('gone'));
  });
});
