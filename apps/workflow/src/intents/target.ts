import type { AccountDocument, IntentDocument } from '@rollcall/collections';
import { hasVisibleCharacter, type RawUser } from '@rollcall/contracts';

import type { RenderedStep } from '../steps/rendered-step.js';
import type { Step, Subject } from '../steps/step.js';
import { accountsIn } from '../steps/variables.js';
import { appOfVariable } from '../workflows/known-variables.js';

export type Target = IntentDocument['target'];

/**
 * The one account that a destructive call may hit: the request must name it and no other (I7). The reason in words when
 * there is none.
 */
export function findTarget(step: Step, subject: Subject, rendered: RenderedStep): AccountDocument | string {
  const { name } = step.connector.manifest;
  const candidates = candidatesOf(step, subject, rendered);
  if (candidates.length === 0) return `The record has no account at ${name}, so nothing was sent.`;
  const named = candidates.filter((account) => rendered.names.every((value) => isNamed(account, value)));
  if (named.length === 1) return named[0]!;
  return named.length === 0
    ? `The inputs of the block name another user of ${name} than the record's, so nothing was sent. Correct the inputs.`
    : `The inputs of the block fit ${named.length} accounts at ${name}, so nothing was sent. Act by hand.`;
}

function candidatesOf({ connector }: Step, { account, accounts }: Subject, rendered: RenderedStep): AccountDocument[] {
  const ofVendor = (found: readonly AccountDocument[]) =>
    found.filter((candidate) => candidate.connector === connector.manifest.id);
  const apps = rendered.variables.flatMap((variable) => appOfVariable(variable) ?? []);
  if (apps.length > 0) return ofVendor(apps.flatMap((app) => accountsIn(accounts, app)));
  if (account?.connector === connector.manifest.id) return [account];
  return ofVendor(accounts);
}

/** Ids are compared exactly; names as vendors compare them, without regard to case and to nothing else. */
function isNamed(account: AccountDocument, value: string): boolean {
  return value === account.vendorId || sameText(account.username, value) || sameText(emailOf(account), value);
}

function emailOf({ values }: AccountDocument): string | null {
  return textOf(values['email']);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && hasVisibleCharacter(value) ? value : null;
}

/** What the read-back is compared with; frozen when the intent is planned (P16). */
export function freezeTarget(account: AccountDocument): Target {
  return {
    account: account._id,
    vendorId: account.vendorId,
    username: account.username,
    email: emailOf(account),
    createdAtVendor: textOf(account.values['created_at']) ?? textOf(account.values['created']),
  };
}

/** The immutable id and one thing more: name, e-mail or date of creation (P16). */
export function isSameUser(target: Target, user: RawUser): boolean {
  if (user.id !== target.vendorId) return false;
  const emails = [textOf(user.raw['email']), textOf(user.username)];
  return (
    sameText(target.username, user.username) ||
    emails.some((email) => sameText(target.email, email)) ||
    sameText(target.createdAtVendor, textOf(user.raw['created']))
  );
}

function sameText(frozen: string | null, now: string | null): boolean {
  return frozen !== null && now !== null && frozen.toLowerCase() === now.toLowerCase();
}

/**
 * The last complete read saw the user. "Not found" for such a one rather means a wrong tenant or key than success
 * (P17). A deactivation by a run leaves the source status: inactive = seen as inactive, else missing. One by hand or by
 * observation: what was observed as gone is inactive, what was seen is not.
 */
export function wasSeenLast(account: Pick<AccountDocument, 'active' | 'sourceStatus' | 'deactivated'>): boolean {
  if (account.active) return true;
  const bySweep = (account.deactivated?.run ?? null) !== null;
  return bySweep ? account.sourceStatus === 'inactive' : account.sourceStatus !== 'inactive';
}
