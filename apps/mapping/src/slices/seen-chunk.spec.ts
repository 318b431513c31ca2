import { describe, expect, it } from '@jest/globals';
import { buildUser } from '@rollcall/testing';

import { ProblemGroups } from '../plans/problem-groups.js';
import { emptySeen, noteFailure, reject } from './seen-chunk.js';
import type { RecordsSlice } from './slice.js';

const slice = { integration: 'acme', generation: 1, first: { offset: 0 } } as RecordsSlice;

describe('problems of a slice', () => {
  it('stay small enough to be stored when every field of every user fails, and are all counted', () => {
    const seen = emptySeen(slice, new Date(0));
    for (let user = 0; user < 1_000; user += 1) {
      for (let field = 0; field < 50; field += 1) {
        noteFailure(seen, buildUser(`u${user}`), {
          to: `field_${field}`,
          code: 'mapping-failed',
          message: 'It fails.',
        });
      }
    }
    reject(seen, { id: 'last' }, 'rule-failed', 'The rule fails.');
    expect(seen.problems.length).toBeLessThanOrEqual(1_001);
    const groups = new ProblemGroups();
    for (const problem of seen.problems) groups.add(problem);
    expect(groups.list()).toMatchObject([
      { code: 'mapping-failed', count: 50_000 },
      { code: 'rule-failed', count: 1, samples: ['last'] },
    ]);
  });
});
