import type { AccountDocument } from '@rollcall/collections';
import { TemplateError, type TemplateVariables } from '@rollcall/connector-kit';

import { appOfVariable } from '../workflows/known-variables.js';
import type { Subject } from './step.js';

/** What templates of a step can look up: fields of people, and of the account when a SaaS user started the run. */
export function variablesFor({ account, person, accounts }: Subject): TemplateVariables {
  return {
    ...account?.values,
    ...withoutEmpty(person?.values ?? {}),
    ...(account ? ofAccount(account, person?.values['email']) : {}),
    accounts: byApp(accounts),
  };
}

/** A field that the person lacks must not hide the account's own value. */
function withoutEmpty(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
}

function ofAccount(account: AccountDocument, personEmail: unknown): Record<string, unknown> {
  return {
    vendor_id: account.vendorId,
    username: account.username,
    email: account.values['email'] ?? personEmail ?? null,
    role: account.role?.value ?? null,
  };
}

/** Only apps in which the person has exactly one account: none or several name nobody (G6). */
function byApp(accounts: readonly AccountDocument[]): Record<string, { id: string; username: string | null }> {
  const found: Record<string, { id: string; username: string | null }> = {};
  for (const { app, vendorId, username } of accounts) {
    if (app !== null && accountsIn(accounts, app).length === 1) found[app] = { id: vendorId, username };
  }
  return found;
}

export function accountsIn(accounts: readonly AccountDocument[], app: string): AccountDocument[] {
  return accounts.filter((account) => account.app === app);
}

/** Says in words what a missing `accounts.<app>.…` means. @throws TemplateError (G6) */
export function refuseAmbiguousAccounts(names: readonly string[], { accounts }: Subject): void {
  for (const name of names) {
    const app = appOfVariable(name);
    if (app === null) continue;
    const { length } = accountsIn(accounts, app);
    if (length === 1) continue;
    const message =
      length === 0
        ? `The person has no account in ${app}, so nothing was sent.`
        : `The person has ${length} accounts in ${app}, so {{${name}}} names nobody and nothing was sent. Act by hand.`;
    throw new TemplateError('template-value-missing', message, { details: { variable: name } });
  }
}
