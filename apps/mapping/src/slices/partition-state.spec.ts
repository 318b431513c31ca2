import { describe, expect, it } from '@jest/globals';
import type { PositionDocument } from '@rollcall/collections';

import type { ReadingsRepository } from '../readings/readings.repository.js';
import { PartitionState } from './partition-state.js';
import type { Slice } from './slice.js';

const slice = (first: number, last = first): Slice => ({
  kind: 'records',
  integration: 'acme',
  generation: 1,
  run: 'run',
  messages: [],
  first: { offset: first, digest: `d${first}` },
  last: { offset: last, digest: `d${last}` },
});
const position = (overrides: Partial<PositionDocument> = {}): PositionDocument => ({
  _id: 3,
  epoch: 0,
  offset: 10,
  digest: 'd10',
  line: null,
  from: { offset: 8, digest: 'd8' },
  refused: null,
  at: new Date(0),
  ...overrides,
});
// Readings are no part of these rules; asking for one would fail.
const stateAt = (at: PositionDocument | null) => new PartitionState(3, at, {} as ReadingsRepository, () => new Date(0));

describe('what is applied already (B4)', () => {
  it('is everything at or before the position, and nothing without one', () => {
    expect([9, 10, 11].map((offset) => stateAt(position()).isApplied(offset))).toEqual([true, true, false]);
    expect(stateAt(null).isApplied(0)).toBe(false);
  });

  it('is not the control message that stopped at a line (B17)', () => {
    expect([9, 10].map((offset) => stateAt(position({ line: 1000 })).isApplied(offset))).toEqual([true, false]);
  });

  it('is nothing of a topic that was just accepted (B2)', () => {
    expect(stateAt(position({ offset: -1, epoch: 1 })).isApplied(0)).toBe(false);
  });
});

describe('the position after a slice', () => {
  it('names its last message, and where to publish from after a crash: the oldest slice not known to be said', () => {
    const state = stateAt(null);
    const commit = (one: Slice) => {
      const after = state.positionAfter(one, null);
      state.committed(one, after);
      return after.from.offset;
    };
    expect(state.positionAfter(slice(0, 4), null)).toMatchObject({
      _id: 3,
      epoch: 0,
      offset: 4,
      digest: 'd4',
      line: null,
    });
    expect([commit(slice(0, 4)), commit(slice(5, 9)), commit(slice(10))]).toEqual([0, 0, 0]);
    state.published(slice(0, 4));
    expect(commit(slice(11))).toBe(5);
    state.published(slice(5, 9));
    state.published(slice(10));
    state.published(slice(11));
    expect(commit(slice(12))).toBe(12);
  });

  it('stays at the control message from its first line to its last', () => {
    const state = stateAt(position());
    const control = slice(11);
    for (const line of [1000, 2000, null]) {
      const after = state.positionAfter(control, line);
      expect(after).toMatchObject({ offset: 11, line, from: { offset: 11 } });
      state.committed(control, after);
    }
    state.published(control);
    expect(state.positionAfter(slice(12), null).from.offset).toBe(12);
  });

  it('keeps the epoch of the topic', () => {
    expect(stateAt(position({ epoch: 2 })).positionAfter(slice(11), null).epoch).toBe(2);
  });
});
