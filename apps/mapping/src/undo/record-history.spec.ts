import { describe, expect, it } from '@jest/globals';
import type { AccountDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';
import fc from 'fast-check';

import { buildAccount, buildCreated } from '../../test/build-documents.js';
import { ChangeSet } from '../changes/change-set.js';
import { HistoryReader, type PastChange } from './record-history.js';
import { restoreAccount } from './restore-account.js';

const around = { isProtected: false, editedPerson: null, isFormerPersonMerged: false };
const run = (name: string): Cause => ({ kind: 'run', run: name, integration: 'acme', initial: false });
const causes: Record<'x' | 'y' | 'person', Cause> = {
  x: run('x'),
  y: run('y'),
  person: { kind: 'command', command: 'c', actor: 'ada' },
};

/** One account and its changes, made by the same code that makes them when a run writes. */
class Story {
  account: AccountDocument;
  readonly changes: PastChange[] = [];

  constructor(overrides: Partial<AccountDocument> = {}) {
    const created = buildCreated({ cause: run('before') });
    this.account = buildAccount({ created, values: { a: 0, b: 0, c: 0 }, ...overrides });
  }

  change(cause: Cause, next: Partial<AccountDocument>): this {
    const set = new ChangeSet();
    const origin = { position: `p00/${this.changes.length}`, time: '2026-02-01T00:00:00.000Z', cause };
    this.account = set.replaceAccount(this.account, { ...this.account, ...next }, origin);
    this.changes.push(...set.changes);
    return this;
  }

  values(cause: Cause, values: Record<string, number>): this {
    return this.change(cause, { values: { ...this.account.values, ...values } });
  }

  /** The account as an undo of run x leaves it, and what it leaves. */
  undone() {
    const created = this.account.created.cause;
    const reader = new HistoryReader('x', created.kind === 'run' && created.run === 'x');
    for (const change of this.changes) reader.add(change);
    return restoreAccount(this.account, reader.result(), around);
  }
}

const fields = ['a', 'b', 'c'] as const;
const step = fc.oneof(
  fc.record({
    by: fc.constantFrom('x' as const, 'y' as const, 'person' as const),
    values: fc.dictionary(fc.constantFrom(...fields), fc.nat(3), { minKeys: 1 }),
  }),
  fc.constant('undo of y' as const),
);

/** Who wrote a field, from what; written from the rule alone. */
type Log = { by: string; old: number }[];

/** Where the last writes of a log begin that are all by this one. */
function firstOfLast(log: Log, by: string): number {
  let first = log.length;
  while (log[first - 1]?.by === by) first -= 1;
  return first;
}

/** What an undo of this one gives back, which is taken out of the logs. */
function undoneOf(by: string, logs: ReadonlyMap<string, Log>, now: (field: string) => number): Record<string, number> {
  const restored: Record<string, number> = {};
  for (const [field, log] of logs) {
    const first = firstOfLast(log, by);
    // Where it left the value as it was, its undo says nothing of the field, and it stays who wrote it last.
    if (first === log.length || log[first]!.old === now(field)) continue;
    restored[field] = log[first]!.old;
    log.length = first;
  }
  return restored;
}

describe('what a run changed and nobody changed since', () => {
  it('is all that an undo restores, whatever two runs, their undo and people did in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const story = new Story();
        const logs = new Map<string, Log>(fields.map((field) => [field, []]));
        const now = (field: string) => story.account.values[field] as number;
        for (const one of steps) {
          if (one === 'undo of y') {
            story.values({ kind: 'undo', run: 'y', integration: 'acme' }, undoneOf('y', logs, now));
          } else {
            const { by, values } = one;
            for (const field of fields) {
              if (values[field] !== undefined && values[field] !== now(field))
                logs.get(field)!.push({ by, old: now(field) });
            }
            story.values(causes[by], values as Record<string, number>);
          }
        }
        const expected: Record<string, number> = {};
        const conflicts: string[] = [];
        for (const [field, log] of logs) {
          expected[field] = now(field);
          const first = firstOfLast(log, 'x');
          if (first < log.length) expected[field] = log[first]!.old;
          else if (log.some(({ by }) => by === 'x')) conflicts.push(`values.${field}`);
        }
        const { draft, left } = story.undone();
        expect((draft ?? story.account).values).toEqual(expected);
        expect(left.map(({ field }) => field).sort()).toEqual(conflicts.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('is judged field by field, and says who changed the rest', () => {
    const story = new Story().values(causes.x, { a: 1, b: 1 }).values(causes.person, { b: 2 });
    const { draft, left } = story.undone();
    expect(draft!.values).toEqual({ a: 0, b: 2, c: 0 });
    expect(left).toEqual([
      { field: 'values.b', reason: 'changed-since', by: causes.person, at: '2026-02-01T00:00:00.000Z' },
    ]);
  });

  it('is nothing where the run did nothing', () => {
    expect(new Story().values(causes.y, { a: 1 }).undone()).toEqual({ draft: null, takesBack: false, left: [] });
  });

  it('is a whole account that the run made, changed it twice itself, and nobody touched', () => {
    const made = new Story({ created: buildCreated({ cause: run('x') }) });
    expect(made.undone().takesBack).toBe(true);
    expect(made.values(causes.x, { a: 1 }).undone().takesBack).toBe(true);
  });

  it('is no account that somebody changed since, unless that was undone too', () => {
    const made = new Story({ created: buildCreated({ cause: run('x') }) }).values(causes.y, { a: 1 });
    expect(made.undone()).toMatchObject({ takesBack: false, left: [{ field: 'values.a', by: causes.y }] });
    made.values({ kind: 'undo', run: 'y', integration: 'acme' }, { a: 0 });
    expect(made.undone().takesBack).toBe(true);
  });

  it('is an account that the run made again after another undo had taken it back', () => {
    const retired = { by: 'ada', at: '2026-01-15T00:00:00.000Z', run: 'before' };
    const story = new Story({ retired, active: false, person: null, revision: 3 });
    const { retired: _mark, ...again } = story.account;
    story.account = { ...story.account };
    const set = new ChangeSet();
    const origin = { position: 'p', time: '2026-02-01T00:00:00.000Z', cause: causes.x };
    story.account = set.replaceAccount(story.account, { ...again, active: true, person: 'person-2' }, origin);
    story.changes.push(...set.changes);
    expect(set.changes[0]).toMatchObject({ event: 'saas-user.created', changed: { retired } });
    expect(story.undone().takesBack).toBe(true);
    story.change(causes.person, { protected: true });
    expect(story.undone()).toMatchObject({ takesBack: false, left: [{ field: 'protected', reason: 'changed-since' }] });
  });

  it('is also what its sweep changed, and nobody else’s', () => {
    const sweepOf = (name: string): Cause => {
      return { kind: 'sweep', run: name, integration: 'acme', line: 'missing', initial: false };
    };
    const off = { active: false, deactivated: { run: 'x', time: '2026-02-01T00:00:00.000Z' } };
    expect(new Story().change(sweepOf('x'), off).undone().draft).toMatchObject({ active: true, deactivated: null });
    expect(new Story().change(sweepOf('y'), off).undone()).toEqual({ draft: null, takesBack: false, left: [] });
    const overwritten = new Story().change(sweepOf('x'), off).change(sweepOf('y'), { active: true });
    expect(overwritten.undone()).toMatchObject({ draft: null, left: [{ field: 'active' }, { field: 'deactivated' }] });
  });

  it('is not what the undo of a run changed that had left the field alone since', () => {
    const undo: Cause = { kind: 'undo', run: 'y', integration: 'acme' };
    const story = new Story().values(causes.y, { a: 1 }).values(causes.x, { a: 2, b: 1 }).values(undo, { a: 0 });
    const { draft, left } = story.undone();
    expect(draft!.values).toEqual({ a: 0, b: 0, c: 0 });
    expect(left).toMatchObject([{ field: 'values.a', reason: 'changed-since', by: undo }]);
  });
});

describe('the history of a record', () => {
  const read = (...changes: Partial<PastChange>[]) => {
    const reader = new HistoryReader('x');
    const around = { record: 'acme:1', changed: {}, cause: causes.x, time: '2026-02-01T00:00:00.000Z' };
    changes.forEach((change, index) => reader.add({ ...around, revision: index + 2, ...change }));
    return reader.result();
  };

  it('knows whether this run was undone for it already, and no other', () => {
    const undo = (name: string): Cause => ({ kind: 'undo', run: name, integration: 'acme' });
    expect(read({}).isUndone).toBe(false);
    expect(read({}, { cause: undo('y') }).isUndone).toBe(false);
    expect(read({}, { cause: causes.person }).isUndone).toBe(false);
    expect(read({}, { cause: undo('x') }).isUndone).toBe(true);
  });

  it('begins with the run where the run wrote the first revision', () => {
    expect(read({ changed: { role: null } })).toMatchObject({ isCreation: false });
    expect(read({ revision: 1, changed: { role: null } })).toEqual({
      isCreation: true,
      isUndone: false,
      fields: new Map(),
    });
  });
});
