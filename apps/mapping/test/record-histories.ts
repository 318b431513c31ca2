import fc from 'fast-check';

import type { ListedUser } from './record-model.js';

/** Users of each integration. The same number is the same human, if the e-mails say so. */
const population = 8;
const number = fc.nat(population - 1);
const source = fc.constantFrom(0, 1);

export interface Listed {
  readonly present: boolean;
  readonly status: ListedUser['status'];
  readonly mailbox: 'a' | 'b';
  readonly name: number;
  readonly administrator: boolean;
  readonly isSpoiled: boolean;
}
const listed: fc.Arbitrary<Listed> = fc.record({
  present: fc.constantFrom(true, true, true, false),
  status: fc.constantFrom('active', 'active', 'active', 'inactive', 'unknown'),
  mailbox: fc.constantFrom('a', 'a', 'a', 'b'),
  name: fc.nat(2),
  administrator: fc.constantFrom(false, false, false, false, true),
  isSpoiled: fc.constantFrom(false, false, false, true),
});

export type Step =
  | { readonly kind: 'read'; readonly source: number; readonly users: readonly Listed[]; readonly sweeps: boolean }
  | { readonly kind: 'undo'; readonly back: number }
  | { readonly kind: 'approve' | 'reject' | 'undo-plan' }
  | {
      readonly kind: 'hold-account' | 'hold-person';
      readonly source: number;
      readonly user: number;
      readonly hold: boolean;
      readonly active: boolean | null;
    }
  | {
      readonly kind: 'protect-account' | 'protect-person';
      readonly source: number;
      readonly user: number;
      readonly on: boolean;
    }
  | { readonly kind: 'override'; readonly source: number; readonly user: number; readonly name: string | null }
  | { readonly kind: 'priority'; readonly source: number; readonly priority: number; readonly authoritative: boolean };

export type Edit = Extract<Step, { readonly kind: `hold-${string}` | `protect-${string}` | 'override' }>;

const read = fc.record({
  kind: fc.constant('read' as const),
  source,
  users: fc.array(listed, { minLength: population, maxLength: population }),
  sweeps: fc.boolean(),
});
export const stepsUpTo = (longest: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: read },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom('approve' as const, 'reject' as const, 'undo-plan' as const),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), back: fc.nat(3) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom('hold-account' as const, 'hold-person' as const),
          source,
          user: number,
          hold: fc.boolean(),
          active: fc.constantFrom(true, false, null),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom('protect-account' as const, 'protect-person' as const),
          source,
          user: number,
          on: fc.boolean(),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('override' as const),
          source,
          user: number,
          name: fc.constantFrom('By hand', null),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('priority' as const),
          source,
          priority: fc.constantFrom(1, 9),
          authoritative: fc.boolean(),
        }),
      },
    ),
    { minLength: 3, maxLength: longest },
  );
