import { describe, expect, it } from '@jest/globals';
import type { EncryptionKeys, KeyVerification } from '@rollcall/contracts';

import { faultLines, isOver, rotationLine, statusLines } from './key-lines.js';

const at = '2026-05-04T10:00:00.000Z';
const rotation = { startedAt: at, reason: 'asked', total: 1000, left: 1, unreadable: 0, finishedAt: null } as const;
const dataKey = {
  id: 'key-1',
  state: 'current',
  provider: 'file',
  wrappedBy: 'x',
  isWrappedByNewest: false,
  secrets: 7,
  tokens: 2,
  encryptions: 1024,
  createdAt: at,
  retiredAt: null,
} as const;
const keys: EncryptionKeys = {
  keyEncryptionKey: { provider: 'file', name: '/keys/kek' },
  dataKeys: [dataKey],
  rotation,
  countedAt: at,
};
const clean: KeyVerification = {
  dataKeys: 1,
  unreadableDataKeys: [],
  checked: 3,
  unreadable: 0,
  faults: [],
  useLog: { entries: 1, unchained: 0, broken: 0, faults: [] },
};

describe('what the command line says of encryption keys', () => {
  it('names the key, what is under each data key, and which ones are still wrapped by another key', () => {
    expect(statusLines(keys)).toEqual([
      'Key-encryption key: the file /keys/kek',
      '  1 of 1 data keys are not wrapped by it yet: run `./rollcall keys rotate`.',
      `Data key key-1: current, since ${at}\n  7 secrets, 2 tokens under it`,
      'Rotation: 99 %, 999 of 1000 encrypted again.',
    ]);
  });

  it('says 100 % at the end only, and is over as well when what is left does not open', () => {
    expect([isOver(keys), isOver({ ...keys, rotation: null })]).toEqual([false, true]);
    expect(isOver({ ...keys, rotation: { ...rotation, unreadable: 1 } })).toBe(true);
    expect(rotationLine({ ...rotation, unreadable: 1 })).toMatch(/99 %.*1 do not open.*keys verify/);
    expect(rotationLine({ ...rotation, left: 0, finishedAt: at })).toMatch(/100 %, all 1000/);
  });

  it('says of every fault what to do, and nothing when there is none', () => {
    const fault = { credential: 'c1', name: 'Directory', field: 'apiKey', reason: 'it is not stored' };
    const found = {
      ...clean,
      unreadableDataKeys: ['key-9'],
      unreadable: 3,
      faults: [fault, { ...fault, name: null }],
      useLog: { ...clean.useLog, broken: 1, faults: [{ entry: 'use-1', reason: 'it was changed' }] },
    };
    expect(faultLines(clean)).toEqual([]);
    expect(faultLines(found)).toEqual([
      "Data key key-9 does not open: restore the vault's private database from a backup.",
      'Field apiKey of credential "Directory" (c1): it is not stored. Enter it again, or restore a backup.',
      'Field apiKey of a credential that does not exist (c1): it is not stored. Enter it again, or restore a backup.',
      '… and 1 more fields.',
      'Use log, use-1: it was changed. Find out who writes to the database.',
    ]);
  });
});
