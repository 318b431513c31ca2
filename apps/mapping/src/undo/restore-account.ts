import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import type { UndoLeft, UndoReason } from '@rollcall/contracts';

import type { RecordHistory, Since } from './record-history.js';

/** What an undo makes of one account. */
export interface Restoration {
  /** The account as it shall be, or null when it stays as it is, or is taken back. */
  readonly draft: AccountDocument | null;
  /** The run made it, and nobody changed it since. */
  readonly takesBack: boolean;
  readonly left: readonly UndoLeft[];
}

export interface Surroundings {
  /** Nobody deactivates it without a decision of its own (G7). */
  readonly isProtected: boolean;
  /** The person whom only this account stands for, if an undone run made them and somebody edited them since. */
  readonly editedPerson: Pick<PersonDocument, 'overrides' | 'hold'> | null;
  /** Whom it belonged to before was merged into somebody else by now. */
  readonly isFormerPersonMerged: boolean;
}

/** Fields that are one fact: they are restored together or not at all. */
const facts: readonly (readonly string[])[] = [
  ['active', 'deactivated'],
  // The error says why it belongs to nobody.
  ['person', 'passive', 'error'],
];
const inFacts: ReadonlySet<string> = new Set(facts.flat());

/** Takes back what the run did to an account and nobody changed since (H7). */
export function restoreAccount(account: AccountDocument, history: RecordHistory, around: Surroundings): Restoration {
  if (account.retired !== undefined) return leave([left(null, 'retired', null)]);
  if (history.isCreation) return takeBack(account, history, around);
  const conflicts = new Map<string, Since>();
  const restored = new Map<string, unknown>();
  for (const fact of factsOf(history)) {
    const since = sinceOf(fact, history);
    for (const path of fact) {
      const field = history.fields.get(path);
      if (field === undefined) continue;
      if (since === null) restored.set(path, field.old);
      else conflicts.set(path, field.since ?? since);
    }
  }
  const kept = [...conflicts].map(([path, since]) => left(path, 'changed-since', since));
  for (const [path, reason] of obstaclesOf(account, restored, around)) {
    for (const one of facts.find((fact) => fact.includes(path))!) restored.delete(one);
    kept.push(left(path, reason, null));
  }
  return { draft: withFields(account, restored), takesBack: false, left: kept };
}

function takeBack(account: AccountDocument, { fields }: RecordHistory, around: Surroundings): Restoration {
  const changed = [...fields].map(([path, { since }]) => left(path, 'changed-since', since));
  if (changed.length > 0) return leave(changed);
  if (account.hold !== null) return leave([left(null, 'held', null)]);
  if (around.isProtected) return leave([left(null, 'protected', null)]);
  if (around.editedPerson !== null) return leave([left(null, 'person-edited', null)]);
  return { draft: null, takesBack: true, left: [] };
}

/** The last change of a fact by somebody else. A later error does not hold up a link that nobody changed. */
function sinceOf(fact: readonly string[], { fields }: RecordHistory): Since | null {
  const isLink = fact.includes('person') && fields.has('person');
  const deciding = isLink ? fact.filter((path) => path !== 'error') : fact;
  return deciding.map((path) => fields.get(path)?.since ?? null).find((one) => one !== null) ?? null;
}

/** Facts that nobody changed since and that stay all the same. */
function obstaclesOf(
  account: AccountDocument,
  restored: ReadonlyMap<string, unknown>,
  around: Surroundings,
): [string, UndoReason][] {
  const obstacles: [string, UndoReason][] = [];
  if (restored.has('person') && around.editedPerson !== null) obstacles.push(['person', 'person-edited']);
  else if (restored.has('person') && around.isFormerPersonMerged) obstacles.push(['person', 'person-merged']);
  const obstacle = whyStays(account, restored, around);
  return obstacle === null ? obstacles : [...obstacles, ['active', obstacle]];
}

/** A hold keeps the account as it is; who is protected is not made inactive by anybody but a person who means them. */
function whyStays(
  account: AccountDocument,
  restored: ReadonlyMap<string, unknown>,
  { isProtected }: Surroundings,
): 'held' | 'protected' | null {
  const active = restored.get('active');
  if (active === undefined || active === account.active) return null;
  if (account.hold !== null) return 'held';
  return active === false && isProtected ? 'protected' : null;
}

/** Paths that the run touched, after those of one fact together, whether it touched them or not. */
function factsOf({ fields }: RecordHistory): readonly (readonly string[])[] {
  return [...facts, ...[...fields.keys()].filter((path) => !inFacts.has(path)).map((path) => [path])];
}

/** Null when every field has its old value already. */
function withFields(account: AccountDocument, fields: ReadonlyMap<string, unknown>): AccountDocument | null {
  if (fields.size === 0) return null;
  const values = { ...account.values };
  const others: Record<string, unknown> = {};
  for (const [path, old] of fields) {
    if (path.startsWith(valuePrefix)) values[path.slice(valuePrefix.length)] = old as (typeof values)[string];
    else others[path] = old;
  }
  return { ...account, ...(others as Partial<AccountDocument>), values };
}

export const valuePrefix = 'values.';

function left(field: string | null, reason: UndoReason, since: Since | null): UndoLeft {
  return { field, reason, by: since?.cause ?? null, at: since?.time ?? null };
}

function leave(what: readonly UndoLeft[]): Restoration {
  return { draft: null, takesBack: false, left: what };
}
