import { describe, expect, it } from '@jest/globals';
import type { PositionDocument, RecordEpochDocument } from '@rollcall/collections';

import { restoredOf } from './restores.js';
import { isUnread } from './topic-lengths.js';

const stored = (planned: number, known: number, published: number) =>
  ({ marks: { planned, known }, published }) as RecordEpochDocument;
const position = (offset: number, epoch = 0) => ({ _id: 3, offset, epoch }) as PositionDocument;

describe('what database and topics hold of each other', () => {
  it('fits while both go on, also when a mark is under way or lost on its way', () => {
    expect(restoredOf(stored(7, 7, 100), { marks: 7, published: 100 })).toBeNull();
    expect(restoredOf(stored(8, 7, 100), { marks: 7, published: 140 })).toBeNull();
    expect(restoredOf(stored(8, 7, 100), { marks: 8, published: 140 })).toBeNull();
  });

  it('shows a database from before by the marks that it does not know', () => {
    expect(restoredOf(stored(7, 7, 100), { marks: 8, published: 140 })).toBe('database-restored');
  });

  it('shows topics from before by what is missing in them', () => {
    expect(restoredOf(stored(7, 7, 100), { marks: 6, published: 100 })).toBe('topics-restored');
    expect(restoredOf(stored(7, 7, 100), { marks: 7, published: 99 })).toBe('topics-restored');
  });
});

describe('messages that were read once', () => {
  const read = { partition: 3, low: 10, offset: 20 };

  it('are unread again in a database from before, as far as the topic holds them', () => {
    expect(isUnread(read, [position(18)])).toBe(true);
    expect(isUnread(read, [position(2)])).toBe(true);
    expect(isUnread(read, [])).toBe(true);
    expect(isUnread({ ...read, low: 20 }, [position(2)])).toBe(false);
  });

  it('are not when the position has them, or belongs to a topic that a person accepted', () => {
    expect(isUnread(read, [position(19)])).toBe(false);
    expect(isUnread(read, [position(-1, 1)])).toBe(false);
  });
});
