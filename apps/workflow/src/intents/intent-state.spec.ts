import { describe, expect, it } from '@jest/globals';
import { intentStateSchema } from '@rollcall/contracts';

import { statesBefore, transitions } from './intent-state.js';

describe('an intent', () => {
  it('ends for good: what is done, refused or unknown never becomes anything else (I6)', () => {
    for (const end of ['done', 'refused', 'unknown'] as const) expect(transitions[end]).toEqual([]);
  });

  it('is called from planned, or from attempting after a read-back', () => {
    expect(statesBefore('attempting').toSorted()).toEqual(['attempting', 'planned']);
  });

  it('is unknown only after a call', () => {
    expect(statesBefore('unknown')).toEqual(['attempting']);
  });

  it('has a rule for every state', () => {
    expect(Object.keys(transitions).toSorted()).toEqual([...intentStateSchema.options].toSorted());
  });
});
