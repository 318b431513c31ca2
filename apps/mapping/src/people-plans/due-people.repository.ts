import { Injectable } from '@nestjs/common';
import { type AccountDocument, accounts, Databases, people, type PersonDocument, trusted } from '@rollcall/collections';
import type { DueCause } from '@rollcall/contracts';
import type { Model, QueryFilter } from 'mongoose';

import { idsOf } from '../changes/changes.repository.js';

/** Causes that are judged together; `settings` are, because one version may overtake the next while people are walked. */
export type DueGroup = { readonly kind: 'settings' } | Exclude<DueCause, { kind: 'settings' }>;

const isDue = { 'due.since': trusted({ $exists: true }) };
const isFree = { ...isDue, 'due.plan': null } as unknown as QueryFilter<PersonDocument>;
/** Groups looked at in one step; the others are found in the next. */
const mostGroups = 100;

/** Reads of people who are due, and of those whom a change may concern. */
@Injectable()
export class DuePeopleRepository {
  private readonly people: Model<PersonDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(databases: Databases) {
    this.people = databases.model(people);
    this.accounts = databases.model(accounts);
  }

  /** Groups with people whom no plan has taken up. */
  async freeGroups(): Promise<DueGroup[]> {
    const bySettings = await this.people.findOne({ ...isFree, 'due.cause.kind': 'settings' }, { _id: 1 }).lean();
    const others = await this.people.aggregate<{ _id: Exclude<DueCause, { kind: 'settings' }> }>([
      { $match: { ...isFree, 'due.cause.kind': { $in: ['retirement', 'run'] } } },
      { $group: { _id: '$due.cause' } },
      { $limit: mostGroups },
    ]);
    return [...(bySettings === null ? [] : [{ kind: 'settings' as const }]), ...others.map(({ _id }) => _id)];
  }

  async free(group: DueGroup, limit: number): Promise<PersonDocument[]> {
    return this.people
      .find({ ...isFree, ...causedBy(group) })
      .limit(limit)
      .lean();
  }

  async anyOf(plan: string): Promise<boolean> {
    return (await this.people.findOne({ ...isDue, 'due.plan': plan }, { _id: 1 }).lean()) !== null;
  }

  async countActive(): Promise<number> {
    return this.people.countDocuments({ active: true, mergedInto: null });
  }

  async accountsOf(persons: readonly string[]): Promise<AccountDocument[]> {
    return this.accounts.find({ person: trusted({ $in: [...persons] }) }).lean();
  }

  async peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    return this.people.find({ _id: trusted({ $in: [...ids] }) }).lean();
  }

  /** Everybody with an account of an integration, by account; somebody with two accounts comes twice. */
  async *peopleWith(integration: string): AsyncGenerator<{ account: string; person: string }> {
    const cursor = this.accounts
      .find({ _id: trusted(idsOf(integration)), person: trusted({ $ne: null }), passive: false })
      .sort({ _id: 1 })
      .select({ person: 1 })
      .lean()
      .cursor({ batchSize: 2_000 });
    for await (const { _id, person } of cursor) yield { account: _id, person: person! };
  }
}

function causedBy(group: DueGroup): QueryFilter<PersonDocument> {
  const { kind } = group;
  const filter: Record<string, unknown> = { 'due.cause.kind': kind };
  if (group.kind === 'retirement') filter['due.cause.integration'] = group.integration;
  if (group.kind === 'run') filter['due.cause.run'] = group.run;
  return filter as QueryFilter<PersonDocument>;
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
