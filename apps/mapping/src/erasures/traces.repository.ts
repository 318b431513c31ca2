import { Injectable } from '@nestjs/common';
import {
  type ChangeDocument,
  changes,
  Databases,
  type ErasedAccountName,
  type ErasureSubject,
  messagingCollections,
  peoplePlanLines,
  peoplePlans,
  planLines,
  previewLines,
  readings,
  redactDocuments,
  Redaction,
  samples,
  seen,
  tracking,
  undoLines,
  vendorPartOf,
} from '@rollcall/collections';
import { erasedText } from '@rollcall/contracts';
import type { AnyBulkWriteOperation } from 'mongodb';

import { anonymisedChange } from './anonymised.js';
import { chunksOf } from './seen-chunks.js';

const changesPerWrite = 200;

/** What mapping stores of people beside the records themselves. Every method may be repeated: what is done finds nothing. */
@Injectable()
export class TracesRepository {
  constructor(private readonly databases: Databases) {}

  /** Old and new values of every change; which fields changed, when and why stays. */
  async eraseHistory({ people, accounts }: ErasureSubject): Promise<void> {
    const names = new Map(accounts.flatMap((name) => [[name.from, name] as const, [name.to, name] as const]));
    const all = this.databases.collection(changes);
    let batch: AnyBulkWriteOperation<ChangeDocument>[] = [];
    const write = async () => {
      if (batch.length > 0) await all.bulkWrite(batch);
      batch = [];
    };
    for await (const change of all.find({ record: { $in: [...people, ...names.keys()] } })) {
      const update = { $set: anonymisedChange(change, names) };
      batch.push({ updateOne: { filter: { _id: change._id }, update } });
      if (batch.length >= changesPerWrite) await write();
    }
    await write();
  }

  /** Lines of plans, undos and previews, and the plans that give names as examples. */
  async erasePlans(subject: ErasureSubject): Promise<void> {
    const { accounts, people } = subject;
    for (const name of accounts) {
      const set = { account: name.to, vendorId: vendorPartOf(name), username: null };
      await this.databases.collection(planLines).updateMany({ account: name.from }, { $set: set });
      const named = { account: name.to, name: erasedText };
      await this.databases.collection(undoLines).updateMany({ account: name.from }, { $set: named });
    }
    const lines = this.databases.collection(peoplePlanLines);
    const plans = await lines.distinct('plan', { person: { $in: people } });
    await redactDocuments(this.databases.collection(peoplePlans), { _id: { $in: plans } }, new Redaction(subject));
    await lines.updateMany({ person: { $in: people } }, { $set: { name: erasedText } });
    await redactDocuments(lines, { person: { $in: people } }, new Redaction(subject));
    // Previews live for two days, and one that names somebody who is erased cannot be applied to them anyway.
    const records = [...people, ...accounts.map(({ from }) => from)];
    await this.databases.collection(previewLines).deleteMany({ record: { $in: records } });
    await this.databases.collection(previewLines).deleteMany({ person: { $in: people } });
  }

  /** What runs saw and said. */
  async eraseReadings(subject: ErasureSubject): Promise<void> {
    for (const [integration, names] of byIntegration(subject.accounts)) {
      const redaction = new Redaction(subject, integration);
      const ids = names.map(({ vendorId }) => vendorId);
      const chunks = this.databases.collection(seen);
      await redactDocuments(
        chunks,
        { _id: chunksOf(integration), $or: [{ ids: { $in: ids } }, { 'problems.0': { $exists: true } }] },
        redaction,
      );
      await redactDocuments(this.databases.collection(readings), { _id: integration }, redaction);
      await this.databases
        .collection(samples)
        .updateOne({ _id: integration }, { $pull: { users: { id: { $in: ids } } } });
      await this.databases.collection(tracking).deleteMany({ _id: { $in: names.map(({ from }) => from) } });
    }
  }

  /** Results of commands, which are kept for a day. */
  async eraseResults(subject: ErasureSubject): Promise<void> {
    const results = this.databases.collection(messagingCollections('mapping').commandResults);
    await redactDocuments(results, {}, new Redaction(subject));
  }
}

function byIntegration(accounts: readonly ErasedAccountName[]): Map<string, ErasedAccountName[]> {
  const found = new Map<string, ErasedAccountName[]>();
  for (const name of accounts) found.set(name.integration, [...(found.get(name.integration) ?? []), name]);
  return found;
}
