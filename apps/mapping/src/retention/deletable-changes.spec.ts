import { describe, expect, it } from '@jest/globals';
import type { Cause } from '@rollcall/contracts';
import fc from 'fast-check';

import { type AgedChange, deletableChanges } from './deletable-changes.js';

const limit = new Date('2026-06-01T00:00:00.000Z');
const old = '2026-01-01T00:00:00.000Z';
const recent = '2026-11-01T00:00:00.000Z';
const byHand: Cause = { kind: 'command', command: 'c', actor: 'operator:ada' };
const ofRun = (run: string): Cause => ({ kind: 'run', run, integration: 'acme', initial: false });
const change = (record: string, revision: number, time = old, cause: Cause = byHand): AgedChange => ({
  _id: `${record}/${revision}`,
  record,
  revision,
  time,
  cause,
});
const noRun = () => false;

describe('old changes', () => {
  it('may go, beside the newest of each record', () => {
    const changes = [change('a', 1), change('a', 2), change('a', 3), change('b', 1), change('b', 2)];
    expect(deletableChanges(changes, limit, noRun)).toEqual(['a/1', 'a/2', 'b/1']);
  });

  it('stay from the first that is not old on', () => {
    const changes = [change('a', 1), change('a', 2, recent), change('a', 3, old), change('a', 4, recent)];
    expect(deletableChanges(changes, limit, noRun)).toEqual(['a/1']);
  });

  it('stay while the run that made them may be undone, with all that came after', () => {
    const changes = [change('a', 1), change('a', 2, old, ofRun('kept')), change('a', 3), change('a', 4)];
    expect(deletableChanges(changes, limit, (run) => run === 'kept')).toEqual(['a/1']);
    expect(deletableChanges(changes, limit, noRun)).toEqual(['a/1', 'a/2', 'a/3']);
  });

  it('leave of every record its newest change, and no gap in what is left', () => {
    const revisions = fc.array(fc.record({ recent: fc.boolean(), run: fc.constantFrom('kept', 'gone', null) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(revisions, { maxLength: 5 }), (records) => {
        const changes = records.flatMap((all, record) =>
          all.map((one, at) =>
            change(`r${record}`, at + 1, one.recent ? recent : old, one.run === null ? byHand : ofRun(one.run)),
          ),
        );
        const gone = new Set(deletableChanges(changes, limit, (run) => run === 'kept'));
        for (const [record, all] of records.entries()) {
          const left = all.map((_, at) => at + 1).filter((revision) => !gone.has(`r${record}/${revision}`));
          expect(left.at(-1)).toBe(all.length);
          expect(left).toEqual(Array.from({ length: left.length }, (_, at) => left[0]! + at));
        }
      }),
    );
  });
});
