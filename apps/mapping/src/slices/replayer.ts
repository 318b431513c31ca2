import { Injectable } from '@nestjs/common';
import { accounts, type ChangeDocument, changes, Databases, people, plans, undos } from '@rollcall/collections';
import { accountId, type RunReport } from '@rollcall/contracts';

import { type PartitionName, positionText, positionTexts } from '../changes/positions-in-text.js';
import {
  eventOfChange,
  eventOfCreation,
  publishedAccount,
  publishedPerson,
  type RecordEvent,
} from '../changes/record-change.js';
import { incompleteWithoutStart } from './control-slices.js';
import { EventPublisher } from './event-publisher.js';
import type { PartitionState } from './partition-state.js';
import type { ControlSlice, RecordsSlice, Slice } from './slice.js';

const eventsPerPublication = 2000;

/** Publishes again what the transactions of applied messages stored (B4, C3). */
@Injectable()
export class Replayer {
  constructor(
    private readonly databases: Databases,
    private readonly publisher: EventPublisher,
  ) {}

  async replay(state: PartitionState, slice: Slice): Promise<void> {
    if (slice.kind === 'refused') return;
    // Creations first: a record that another slice moves on meanwhile has left its revision 1 among the changes by then.
    if (slice.kind === 'records') await this.replayCreations(state, slice);
    await this.replayChanges(state, slice.first.offset, slice.last.offset);
    if (slice.kind === 'control') await this.replayReports(state, slice.message);
  }

  /** All changes with positions of these messages. */
  async replayChanges(partition: PartitionName, first: number, last: number): Promise<void> {
    for (const records of [...(partition.formerRecords ?? []), partition.records]) {
      await this.replayStored({ partition: partition.partition, epoch: partition.epoch, records }, first, last);
    }
  }

  private async replayStored(partition: PartitionName, first: number, last: number): Promise<void> {
    const cursor = this.databases
      .collection(changes)
      .find({ _id: { $gte: `${positionText(partition, first)}/`, $lt: `${positionText(partition, last)}0` } })
      .sort({ _id: 1 });
    let events: RecordEvent[] = [];
    for await (const change of cursor) {
      events.push(...present(eventOfChange(change as ChangeDocument)));
      if (events.length >= eventsPerPublication) {
        await this.publisher.publish(events);
        events = [];
      }
    }
    await this.publisher.publish(events);
  }

  /** Records of the slice's ids, and their people, that still stand at revision 1 and were created here (C3). */
  private async replayCreations(partition: PartitionName, slice: RecordsSlice): Promise<void> {
    const positions = new Set(slice.messages.flatMap((message) => positionTexts(partition, message.offset)));
    const ids = slice.messages.flatMap(({ users }) => users.map((user) => accountId(slice.integration, user.id)));
    const found = await this.databases
      .collection(accounts)
      .find({ _id: { $in: ids } })
      .toArray();
    const persons = found.flatMap((account) => account.person ?? []);
    const owners = await this.databases
      .collection(people)
      .find({ _id: { $in: persons }, revision: 1 })
      .toArray();
    const created = [
      ...found
        .filter((account) => account.revision === 1)
        .map((account) => ({ kind: 'account' as const, record: publishedAccount(account) })),
      ...owners.map((person) => ({ kind: 'person' as const, record: publishedPerson(person) })),
    ].filter(({ record }) => positions.has(record.created.position));
    await this.publisher.publish(created.flatMap(({ kind, record }) => present(eventOfCreation(kind, record))));
  }

  private async replayReports(state: PartitionState, message: ControlSlice['message']): Promise<void> {
    if (message.k === 'undo') return this.publisher.publish([], present(await this.undoneReport(message.r)));
    const reading = await state.reading(message.i);
    if (message.k === 'end' && (reading?.generation ?? 0) < message.g) {
      return this.publisher.publish([], [incompleteWithoutStart(message)]);
    }
    if (!reading || reading.run !== message.r || reading.generation !== message.g) return;
    await this.publisher.publish([], [...present(reading.mapped), ...present(reading.swept)]);
  }

  /** Earlier versions kept it with the plan. */
  private async undoneReport(run: string): Promise<RunReport | null> {
    const undo = await this.databases.collection(undos).findOne({ _id: run });
    if (undo !== null) return undo.report;
    return (await this.databases.collection(plans).findOne({ _id: run }))?.undone ?? null;
  }
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
