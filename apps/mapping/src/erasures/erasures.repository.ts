import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type ChangeDocument,
  changes,
  Databases,
  type ErasureDocument,
  erasures,
  people,
  type PersonDocument,
} from '@rollcall/collections';
import { type ErasureRecord, type ServiceName } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

/** More would be no human's, and one transaction could not hold it. */
const mostChanges = 20_000;

/** Erasures, and the records that they are about, read and written in one transaction. */
@Injectable()
export class ErasuresRepository {
  private readonly erasures: Collection<ErasureDocument>;
  private readonly people: Collection<PersonDocument>;
  private readonly accounts: Collection<AccountDocument>;
  private readonly changes: Collection<ChangeDocument>;

  constructor(databases: Databases) {
    this.erasures = databases.collection(erasures);
    this.people = databases.collection(people);
    this.accounts = databases.collection(accounts);
    this.changes = databases.collection(changes);
  }

  find(person: string, session?: ClientSession): Promise<ErasureDocument | null> {
    return this.erasures.findOne({ _id: person }, { session });
  }

  /** The one that is open longest and still waits for this service. */
  nextFor(service: ServiceName): Promise<ErasureDocument | null> {
    return this.erasures.findOne({ state: 'open', waitsFor: service }, { sort: { at: 1 } });
  }

  async insert(session: ClientSession, erasure: ErasureDocument): Promise<void> {
    await this.erasures.insertOne(erasure, { session });
  }

  /** What is looked for goes with the last confirmation. */
  async confirm(session: ClientSession, erasure: ErasureDocument, service: string, at: Date): Promise<ServiceName[]> {
    const waitsFor = erasure.waitsFor.filter((one) => one !== service);
    const isDone = waitsFor.length === 0;
    await this.erasures.updateOne(
      { _id: erasure._id },
      isDone ? { $set: { waitsFor, state: 'done', doneAt: at }, $unset: { subject: 1 } } : { $set: { waitsFor } },
      { session },
    );
    return waitsFor;
  }

  person(id: string, session: ClientSession): Promise<PersonDocument | null> {
    return this.people.findOne({ _id: id }, { session });
  }

  /** The person and whoever was merged into them, however often. */
  async withMerged(person: PersonDocument, session: ClientSession): Promise<PersonDocument[]> {
    const all = [person];
    for (let from = 0; from < all.length;) {
      const into = all.slice(from).map(({ _id }) => _id);
      from = all.length;
      all.push(...(await this.people.find({ mergedInto: { $in: into, $type: 'string' } }, { session }).toArray()));
    }
    return all;
  }

  accountsOf(persons: readonly string[], session: ClientSession): Promise<AccountDocument[]> {
    return this.accounts.find({ person: { $in: [...persons] } }, { session }).toArray();
  }

  waitingFor(persons: readonly string[], session: ClientSession): Promise<AccountDocument[]> {
    return this.accounts.find({ 'error.candidates': { $in: [...persons] }, person: null }, { session }).toArray();
  }

  accountsById(ids: readonly string[], session: ClientSession): Promise<AccountDocument[]> {
    return this.accounts.find({ _id: { $in: [...ids] } }, { session }).toArray();
  }

  changesOf(records: readonly string[], session: ClientSession): Promise<ChangeDocument[]> {
    return this.changes
      .find({ record: { $in: [...records] } }, { session })
      .sort({ record: 1, revision: 1 })
      .limit(mostChanges)
      .toArray();
  }

  /** Whoever writes one of them at the same time conflicts with this transaction, and computes again. */
  async replace(
    session: ClientSession,
    written: {
      readonly people: readonly PersonDocument[];
      readonly accounts: readonly { readonly before: string; readonly after: AccountDocument }[];
      readonly changes: readonly ChangeDocument[];
    },
  ): Promise<void> {
    for (const { _id, ...person } of written.people) await this.people.replaceOne({ _id }, person, { session });
    for (const { before, after } of written.accounts) {
      await this.accounts.deleteOne({ _id: before }, { session });
      await this.accounts.insertOne(after, { session });
    }
    await this.changes.insertMany([...written.changes], { session });
  }
}

export function recordOfErasure(erasure: ErasureDocument): ErasureRecord {
  const { _id: id, state, reason, by, at, doneAt, waitsFor, accounts: count } = erasure;
  const times = { at: at.toISOString(), doneAt: doneAt?.toISOString() ?? null };
  return { id, state, reason, by, ...times, waitsFor: [...waitsFor], accounts: count };
}
