import { Injectable } from '@nestjs/common';
import { Databases, type PlanDocument, plans, type PreviewLineDocument, previewLines } from '@rollcall/collections';
import type { AnyBulkWriteOperation, ClientSession, Collection, Filter } from 'mongodb';

import type { LineReads } from './preview-reads.js';

/** More are never needed to say that a key is shared. */
const mostWithOtherKeys = 500;

/** Lines of previews (E6). They are no records: nothing is published of them, and they are gone after two days. */
@Injectable()
export class PreviewsRepository implements LineReads {
  private readonly lines: Collection<PreviewLineDocument>;
  private readonly plans: Collection<PlanDocument>;

  constructor(databases: Databases) {
    this.lines = databases.collection(previewLines);
    this.plans = databases.collection(plans);
  }

  /**
   * Within the transaction of a slice, or ahead of their plan at END. People give their keys up before others take
   * them. Throws the driver's duplicate key error when somebody of the same plan holds a key.
   */
  async write(lines: readonly PreviewLineDocument[], session?: ClientSession): Promise<void> {
    if (lines.length === 0) return;
    const people = lines.filter(({ kind }) => kind === 'person').map(({ _id }) => _id);
    const operations: AnyBulkWriteOperation<PreviewLineDocument>[] = [
      { updateMany: { filter: { _id: { $in: people } }, update: { $unset: { planKeys: 1 } } } },
      ...lines.map((line) => ({ replaceOne: { filter: { _id: line._id }, replacement: line, upsert: true } })),
    ];
    await this.lines.bulkWrite(operations, session === undefined ? {} : { session });
  }

  /** The generation of a preview that was read to its end; null when there is none. */
  async generationOf(run: string): Promise<number | null> {
    const plan = await this.plans.findOne({ _id: run }, { projection: { generation: 1 } });
    return plan?.generation ?? null;
  }

  async byId(ids: readonly string[]): Promise<PreviewLineDocument[]> {
    return this.find(ids, { _id: { $in: [...ids] } });
  }

  async byPerson(plan: string, people: readonly string[]): Promise<PreviewLineDocument[]> {
    return this.find(people, { plan, 'after.person': { $in: [...people] } } as Filter<PreviewLineDocument>);
  }

  async byCandidate(plan: string, people: readonly string[]): Promise<PreviewLineDocument[]> {
    const waiting = { plan, 'after.person': null, 'after.error.candidates': { $in: [...people] } };
    return this.find(people, waiting as Filter<PreviewLineDocument>);
  }

  async byKey(planKeys: readonly string[]): Promise<PreviewLineDocument[]> {
    return this.find(planKeys, { planKeys: { $in: [...planKeys] } });
  }

  async byOtherKey(plan: string, keys: readonly string[]): Promise<PreviewLineDocument[]> {
    const some = { plan, 'after.otherKeys': { $in: [...keys], $exists: true } };
    return this.find(keys, some as Filter<PreviewLineDocument>, mostWithOtherKeys);
  }

  private async find(
    wanted: readonly string[],
    filter: Filter<PreviewLineDocument>,
    limit = 0,
  ): Promise<PreviewLineDocument[]> {
    return wanted.length === 0 ? [] : this.lines.find(filter, { limit }).toArray();
  }
}
