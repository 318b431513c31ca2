import type { AccountDocument, FoldSettingsDocument, PersonDocument } from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

/** What the fold reads of an account. */
export type FoldAccount = Pick<AccountDocument, '_id' | 'integration' | 'vendorId' | 'active' | 'passive' | 'values'>;

export interface FoldInput {
  readonly accounts: readonly FoldAccount[];
  readonly overrides: PersonDocument['overrides'];
  readonly hold: PersonDocument['hold'];
  /** Values, provenance and activity so far; they stay where no account says anything (D2). */
  readonly previous: Pick<PersonDocument, 'values' | 'provenance' | 'active'> | null;
}

export interface FoldResult {
  readonly values: Values;
  readonly provenance: Record<string, string>;
  readonly active: boolean;
}

/** What of the fold settings decides. */
type FoldRules = Pick<FoldSettingsDocument, 'integrations' | 'sources' | 'secondaryKeys'>;

const lastPriority = Number.MAX_SAFE_INTEGER;

/**
 * person = fold(accounts, overrides): a pure function with provenance per value (architecture 7, D2, D3). Passive
 * accounts (Create only on a known person, D6) take no part.
 */
export function foldPerson(input: FoldInput, settings: FoldRules): FoldResult {
  const accounts = input.accounts.filter((account) => !account.passive).sort(compareIn(settings));
  const result = { ...foldValues(accounts, input, settings), active: foldActive(accounts, input, settings) };
  for (const [field, sources] of Object.entries(settings.sources ?? {})) {
    if (input.overrides[field] === undefined) believeFirst(field, sources, accounts, result);
  }
  return result;
}

/** A source of truth for one attribute: its order stands in for the priority, active still comes first (D2). */
function believeFirst(
  field: string,
  sources: readonly string[],
  accounts: readonly FoldAccount[],
  result: Pick<FoldResult, 'values' | 'provenance'>,
): void {
  const rank = ({ integration }: FoldAccount): number => {
    const place = sources.indexOf(integration);
    return place < 0 ? sources.length : place;
  };
  // The sort is stable, so accounts of equal rank keep the order of the priority.
  const [first] = accounts
    .filter(({ values }) => (values[field] ?? null) !== null)
    .sort((a, b) => Number(b.active) - Number(a.active) || rank(a) - rank(b));
  if (first === undefined) return;
  result.values[field] = first.values[field]!;
  result.provenance[field] = first._id;
}

/** Active before inactive, then integration priority, then vendor id (D2). */
function compareIn(settings: FoldRules) {
  const priority = (account: FoldAccount) => settings.integrations[account.integration]?.priority ?? lastPriority;
  return (a: FoldAccount, b: FoldAccount): number =>
    Number(b.active) - Number(a.active) ||
    priority(a) - priority(b) ||
    compareText(a.vendorId, b.vendorId) ||
    compareText(a._id, b._id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function foldValues(
  accounts: readonly FoldAccount[],
  input: FoldInput,
  { secondaryKeys = {} }: FoldRules,
): Pick<FoldResult, 'values' | 'provenance'> {
  const values: Values = {};
  const provenance: Record<string, string> = {};
  const give = (account: FoldAccount, isWanted: (field: string) => boolean) => {
    for (const [field, value] of Object.entries(account.values)) {
      if (value === null || provenance[field] !== undefined || !isWanted(field)) continue;
      values[field] = value;
      provenance[field] = account._id;
    }
  };
  for (const account of accounts)
    give(account, (field) => secondaryKeys[account.integration]?.includes(field) !== true);
  // What an account only finds people by it gives to who has it from nobody else (R74).
  for (const account of accounts) if (secondaryKeys[account.integration] !== undefined) give(account, () => true);
  if (accounts.length === 0 && input.previous) {
    Object.assign(values, input.previous.values);
    Object.assign(provenance, input.previous.provenance);
  }
  for (const [field, { value }] of Object.entries(input.overrides)) {
    values[field] = value;
    provenance[field] = 'override';
  }
  return { values, provenance };
}

/** In this order: hold, authoritative accounts, any account (D3). Passive accounts are left out before. */
export function foldActive(
  accounts: readonly FoldAccount[],
  { hold, previous }: { readonly hold: FoldInput['hold']; readonly previous: { readonly active: boolean } | null },
  settings: Pick<FoldRules, 'integrations'>,
): boolean {
  if (hold) return previous?.active ?? true;
  const deciding = decidingAccounts(accounts, settings);
  if (deciding.length === 0) return previous?.active ?? false;
  return deciding.some((account) => account.active);
}

/** Accounts by which somebody without a hold is active or not. */
export function decidingAccounts<Account extends FoldAccount>(
  accounts: readonly Account[],
  { integrations }: Pick<FoldRules, 'integrations'>,
): readonly Account[] {
  const authoritative = accounts.filter(({ integration }) => integrations[integration]?.authoritative);
  return authoritative.length > 0 ? authoritative : accounts;
}
