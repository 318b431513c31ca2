import type { AccountDocument, UndoLineDocument } from '@rollcall/collections';
import { nothingUndone, type UndoCounts } from '@rollcall/contracts';

import type { ChangeSet, Replacement } from '../changes/change-set.js';
import { changedFields, publishedAccount } from '../changes/record-change.js';

export type UndoEffect = 'restored' | 'unlinked' | 'takenBack' | 'reactivated' | 'deactivated';

/** What becomes of one account. */
export interface AccountEffects {
  readonly account: AccountDocument;
  readonly effects: readonly UndoEffect[];
}

/** Fields that have a count of their own, and what follows from a link. */
const toldApart: ReadonlySet<string> = new Set(['active', 'deactivated', 'person', 'passive', 'error']);

/** What the change set of an undo does to accounts. */
export function effectsOf(set: ChangeSet): AccountEffects[] {
  return set.replacedAccounts
    .filter(({ before, after }) => after.revision > before.revision)
    .map((replacement) => ({ account: replacement.after, effects: effectsOn(replacement) }));
}

function effectsOn({ before, after }: Replacement<AccountDocument>): UndoEffect[] {
  if (before.retired === undefined && after.retired !== undefined) return ['takenBack'];
  const effects: UndoEffect[] = [];
  const changed = Object.keys(changedFields(publishedAccount(before), publishedAccount(after)));
  if (changed.some((path) => !toldApart.has(path))) effects.push('restored');
  if (before.person !== null && after.person === null) effects.push('unlinked');
  if (before.active !== after.active) effects.push(after.active ? 'reactivated' : 'deactivated');
  return effects;
}

export function countsOf(accounts: readonly AccountEffects[], lines: readonly UndoLineDocument[]): UndoCounts {
  const counts = { ...nothingUndone };
  for (const { effects } of accounts) for (const effect of effects) counts[effect] += 1;
  for (const { state } of lines) counts[state === 'skipped' ? 'skipped' : 'conflicts'] += 1;
  return counts;
}
