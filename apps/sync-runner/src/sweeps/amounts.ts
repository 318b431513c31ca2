import type { DeactivationLimit } from '@rollcall/contracts';

/** A sentence for people with the rule it comes from. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What a run would do. Counts of accounts of one integration. */
export interface Amounts {
  /** Active at START. */
  readonly active: number;
  readonly staged: number;
  /** Of the staged ones, those that a person approved: no rule of amount looks at them (E4). */
  readonly approved: number;
  /** Distinct users of the listing. */
  readonly returned: number;
}

/** What was swept before without a person. */
export interface Sums {
  /** Of this integration within seven days, and its active accounts back then; null while nobody knows. */
  readonly week: { readonly swept: number; readonly active: number | null };
  /** Of all integrations within a day, and all active accounts. */
  readonly day: { readonly swept: number; readonly active: number };
}

/** Within a day and over all integrations: 5 %, but at least 5 and at most 1000 (P10). */
const dayLimit = { percent: 5, atLeast: 5, atMost: 1000 };
/** Below so many accounts a share of a week says little, and the other rules are strict enough. */
const smallestWeek = 25;

/** Largest number of deactivations that passes, in whole accounts. */
export function mostDeactivations(
  active: number,
  { percent, atLeast, atMost }: Pick<DeactivationLimit, 'percent' | 'atLeast' | 'atMost'>,
): number {
  return Math.max(atLeast, Math.min(atMost, Math.ceil((active * percent) / 100)));
}

/** Why so many deactivations need a person, or nothing (P10). */
export function amountReasons(amounts: Amounts, limit: DeactivationLimit, sums: Sums): Reason[] {
  return [...runReasons(amounts, limit), ...sumReasons(amounts, limit, sums)];
}

/** The rules that look at this run alone. */
function runReasons({ active, staged, approved, returned }: Amounts, limit: DeactivationLimit): Reason[] {
  const unapproved = staged - approved;
  const most = mostDeactivations(active, limit);
  const reasons: Reason[] = [];
  if (returned === 0 && active >= 1 && (approved === 0 || unapproved > 0)) reasons.push(emptySet(active));
  if (unapproved > most) {
    const message = `${wouldBe(unapproved, active)}; a run deactivates at most ${most} without a person. ${nobody}`;
    reasons.push({ code: 'too-many-deactivations', message });
  }
  if (unapproved >= 2 && 2 * unapproved >= active) {
    const message = `${wouldBe(unapproved, active)}, which is half of them or more. ${nobody}`;
    reasons.push({ code: 'half-or-more', message });
  }
  return reasons;
}

/** The rules that look at what was swept before: a slow leak, and many small sweeps at once. */
export function sumReasons(
  { staged, approved }: Pick<Amounts, 'staged' | 'approved'>,
  { weeklyPercent }: Pick<DeactivationLimit, 'weeklyPercent'>,
  { week, day }: Sums,
): Reason[] {
  const unapproved = staged - approved;
  if (unapproved === 0) return [];
  const reasons: Reason[] = [];
  const { active } = week;
  if (active !== null && active >= smallestWeek && 100 * (week.swept + unapproved) > weeklyPercent * active) {
    const message =
      `${unapproved} accounts would be deactivated after ${week.swept} within seven days: together more than ` +
      `${weeklyPercent} % of the ${active} that were active then. ${nobody}`;
    reasons.push({ code: 'too-many-in-a-week', message });
  }
  const most = mostDeactivations(day.active, dayLimit);
  if (day.swept + unapproved > most) {
    const message =
      `${unapproved} accounts would be deactivated after ${day.swept} of all integrations within 24 hours; together at ` +
      `most ${most} of ${day.active} active accounts are deactivated without a person. ${nobody}`;
    reasons.push({ code: 'too-many-in-a-day', message });
  }
  return reasons;
}

const nobody =
  'Nobody was deactivated. Compare the names in the plan with the vendor; if they are right, approve the plan.';

const wouldBe = (unapproved: number, active: number): string =>
  `${unapproved} of ${active} active accounts would be deactivated`;

export function emptySet(active: number): Reason {
  return {
    code: 'empty-listing',
    message:
      `The vendor returned no users at all, although ${active} accounts are active. Nobody was deactivated. Check ` +
      'that the credential still sees all users at the vendor, then run again.',
  };
}
