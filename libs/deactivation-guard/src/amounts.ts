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

/** How the sentences name what is counted, and what a person does about it. */
export interface Words {
  readonly counted: string;
  /** What deactivates, at the beginning of "… deactivates at most". */
  readonly doer: string;
  /** Whose earlier deactivations are counted. */
  readonly origin: string;
  readonly nobody: string;
}

const ofAccounts: Words = {
  counted: 'accounts',
  doer: 'a run',
  origin: 'of all integrations',
  nobody: 'Nobody was deactivated. Compare the names in the plan with the vendor; if they are right, approve the plan.',
};

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
  const isEmpty = returned === 0 && active >= 1 && (approved === 0 || unapproved > 0);
  return [...(isEmpty ? [emptySet(active)] : []), ...shareReasons(unapproved, active, limit, ofAccounts)];
}

/** The share of those who are active: too many of them, or half. */
export function shareReasons(unapproved: number, active: number, limit: DeactivationLimit, words: Words): Reason[] {
  const most = mostDeactivations(active, limit);
  const wouldBe = `${unapproved} of ${active} active ${words.counted} would be deactivated`;
  const reasons: Reason[] = [];
  if (unapproved > most) {
    const message = `${wouldBe}; ${words.doer} deactivates at most ${most} without a person. ${words.nobody}`;
    reasons.push({ code: 'too-many-deactivations', message });
  }
  if (unapproved >= 2 && 2 * unapproved >= active) {
    const message = `${wouldBe}, which is half of them or more. ${words.nobody}`;
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
      `${weeklyPercent} % of the ${active} that were active then. ${ofAccounts.nobody}`;
    reasons.push({ code: 'too-many-in-a-week', message });
  }
  return [...reasons, ...dayReasons(unapproved, day, ofAccounts)];
}

/** The sum of a day: many small steps count together. */
export function dayReasons(unapproved: number, { swept, active }: Sums['day'], words: Words): Reason[] {
  const most = mostDeactivations(active, dayLimit);
  if (swept + unapproved <= most) return [];
  const message =
    `${unapproved} ${words.counted} would be deactivated after ${swept} ${words.origin} within 24 hours; together at ` +
    `most ${most} of ${active} active ${words.counted} are deactivated without a person. ${words.nobody}`;
  return [{ code: 'too-many-in-a-day', message }];
}

export function emptySet(active: number): Reason {
  return {
    code: 'empty-listing',
    message:
      `The vendor returned no users at all, although ${active} accounts are active. Nobody was deactivated. Check ` +
      'that the credential still sees all users at the vendor, then run again.',
  };
}
