import { Inject, Injectable } from '@nestjs/common';
import { type AccountDocument, accounts, Databases, people, type PersonDocument } from '@rollcall/collections';
import type { DueCause } from '@rollcall/contracts';
import type { Collection, Filter } from 'mongodb';

import { idsOf } from '../changes/changes.repository.js';

/** Causes that are judged together; `settings` are, because one version may overtake the next while people are walked. */
export type DueGroup = { readonly kind: 'settings' } | Exclude<DueCause, { kind: 'settings' }>;

const isDue = { 'due.since': { $exists: true } };
const isFree = { ...isDue, 'due.plan': null } as unknown as Filter<PersonDocument>;
/** Groups looked at in one step; the others are found in the next. */
const mostGroups = 100;

/** Reads of people who are due, and of those whom a change may concern. */
@Injectable()
export class DuePeople {
  private readonly people: Collection<PersonDocument>;
  private readonly accounts: Collection<AccountDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.people = databases.collection(people);
    this.accounts = databases.collection(accounts);
  }

  /** Groups with people whom no plan has taken up. */
  async freeGroups(): Promise<DueGroup[]> {
    const bySettings = await this.people.findOne(
      { ...isFree, 'due.cause.kind': 'settings' },
      { projection: { _id: 1 } },
    );
    const others = await this.people
      .aggregate<{ _id: Exclude<DueCause, { kind: 'settings' }> }>([
        { $match: { ...isFree, 'due.cause.kind': { $in: ['retirement', 'run'] } } },
        { $group: { _id: '$due.cause' } },
        { $limit: mostGroups },
      ])
      .toArray();
    return [...(bySettings === null ? [] : [{ kind: 'settings' as const }]), ...others.map(({ _id }) => _id)];
  }

  async free(group: DueGroup, limit: number): Promise<PersonDocument[]> {
    return this.people
      .find({ ...isFree, ...causedBy(group) })
      .limit(limit)
      .toArray();
  }

  async anyOf(plan: string): Promise<boolean> {
    return (await this.people.findOne({ ...isDue, 'due.plan': plan }, { projection: { _id: 1 } })) !== null;
  }

  async countActive(): Promise<number> {
    return this.people.countDocuments({ active: true, mergedInto: null });
  }

  async accountsOf(persons: readonly string[]): Promise<AccountDocument[]> {
    return this.accounts.find({ person: { $in: [...persons] } }).toArray();
  }

  async peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    return this.people.find({ _id: { $in: [...ids] } }).toArray();
  }

  /** Everybody with an account of an integration, by account; somebody with two accounts comes twice. */
  async *peopleWith(integration: string): AsyncGenerator<{ account: string; person: string }> {
    const cursor = this.accounts
      .find({ _id: idsOf(integration), person: { $ne: null }, passive: false })
      .sort({ _id: 1 })
      .project<{ _id: string; person: string }>({ person: 1 })
      .batchSize(2_000);
    for await (const { _id, person } of cursor) yield { account: _id, person };
  }
}

function causedBy(group: DueGroup): Filter<PersonDocument> {
  const { kind } = group;
  const filter: Record<string, unknown> = { 'due.cause.kind': kind };
  if (group.kind === 'retirement') filter['due.cause.integration'] = group.integration;
  if (group.kind === 'run') filter['due.cause.run'] = group.run;
  return filter as Filter<PersonDocument>;
}

export function groupOf(cause: DueCause): DueGroup {
  return cause.kind === 'settings' ? { kind: 'settings' } : cause;
}

export function groupName(group: DueGroup): string {
  switch (group.kind) {
    case 'settings':
      return 'settings';
    case 'retirement':
      return `retirement/${group.integration}`;
    case 'run':
      return `run/${group.run}`;
  }
}

/** What keeps somebody from being made inactive by a plan, or null. */
export function protection(person: PersonDocument, own: readonly AccountDocument[]): string | null {
  if (person.protected) return 'the person is protected';
  const account = own.find((one) => one.protected || one.administrator);
  if (account === undefined) return null;
  return `the account ${account.username ?? account.vendorId} is ${account.protected ? 'protected' : 'that of an administrator'}`;
}
