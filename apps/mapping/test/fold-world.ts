import type { AccountDocument, FoldSettingsDocument, PersonDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';

import { type ChangeOrigin, ChangeSet } from '../src/changes/change-set.js';
import { type FoldReads, FoldSession } from '../src/people/fold-session.js';

/** Accounts and people in memory, changed by fold sessions as transactions would change them. */
export class FoldWorld implements FoldReads {
  readonly accounts = new Map<string, AccountDocument>();
  readonly people = new Map<string, PersonDocument>();
  settings: FoldSettingsDocument;
  private steps = 0;

  constructor(integrations: FoldSettingsDocument['integrations']) {
    this.settings = { _id: 'fold', version: 1, concerns: 1, uniqueFields: ['email'], integrations };
  }

  setAuthoritative(integration: string, authoritative: boolean): void {
    const { integrations, version } = this.settings;
    this.settings = {
      ...this.settings,
      version: version + 1,
      concerns: version + 1,
      integrations: { ...integrations, [integration]: { ...integrations[integration]!, authoritative } },
    };
  }

  /** One transaction. Returns the change set that it wrote. */
  async change(
    cause: Cause,
    loads: { readonly accounts?: readonly string[]; readonly people?: readonly string[] },
    edit: (fold: FoldSession, origin: ChangeOrigin) => void,
  ): Promise<ChangeSet> {
    const step = (this.steps += 1);
    const fold = new FoldSession(this, this.settings);
    await fold.load(loads.accounts ?? [], [], loads.people ?? []);
    edit(fold, { position: `c/${step}`, time: new Date(Date.UTC(2026, 0, 1) + step * 1_000).toISOString(), cause });
    const set = new ChangeSet();
    await fold.writeTo(set);
    for (const account of set.insertedAccounts) this.accounts.set(account._id, account);
    for (const { after } of set.replacedAccounts) this.accounts.set(after._id, after);
    for (const person of set.insertedPeople) this.people.set(person._id, person);
    for (const { after } of set.replacedPeople) this.people.set(after._id, after);
    return set;
  }

  accountsOf(person: string): AccountDocument[] {
    return [...this.accounts.values()].filter((account) => account.person === person);
  }

  accountsById(ids: readonly string[]): Promise<AccountDocument[]> {
    return Promise.resolve(ids.flatMap((id) => this.accounts.get(id) ?? []));
  }

  accountsOfPeople(people: readonly string[], known: readonly string[] = []): Promise<AccountDocument[]> {
    const found = people.flatMap((person) => this.accountsOf(person));
    return Promise.resolve(found.filter(({ _id }) => !known.includes(_id)));
  }

  accountsWaitingFor(people: readonly string[]): Promise<AccountDocument[]> {
    const waits = ({ person, error }: AccountDocument) =>
      person === null && (error?.candidates ?? []).some((candidate) => people.includes(candidate));
    return Promise.resolve([...this.accounts.values()].filter(waits));
  }

  accountsWithOtherKeys(keys: readonly string[]): Promise<AccountDocument[]> {
    const has = ({ active, otherKeys }: AccountDocument) => active && otherKeys?.some((key) => keys.includes(key));
    return Promise.resolve([...this.accounts.values()].filter(has));
  }

  peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    return Promise.resolve(ids.flatMap((id) => this.people.get(id) ?? []));
  }

  peopleByKey(keys: readonly string[]): Promise<PersonDocument[]> {
    return Promise.resolve([...this.people.values()].filter((one) => one.keys?.some((key) => keys.includes(key))));
  }
}
