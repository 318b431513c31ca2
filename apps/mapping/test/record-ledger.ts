import { isDeepStrictEqual } from 'node:util';

import { changes } from '@rollcall/collections';
import { type CloudEvent, peopleTopic, saasUsersTopic } from '@rollcall/contracts';
import { readTopic } from '@rollcall/testing';

import { publishedAccount, publishedPerson } from '../src/changes/record-change.js';
import type { MappingFixture } from './mapping-fixture.js';

interface Stored {
  readonly record: { id: string; revision: number };
  readonly isAnnounced: boolean;
}

type RecordCloudEvent = CloudEvent<{ revision: number; record: { id: string } }>;

/** What contradicts I4 among stored records and changes alone, whatever was said of them. */
export async function storedFaults(fixture: MappingFixture): Promise<string[]> {
  return changeFaults(fixture, await storedRecords(fixture));
}

/** Everything that contradicts I4 and I5 in what is stored and what was said; empty when all is well. */
export async function ledgerFaults(fixture: MappingFixture): Promise<string[]> {
  const stored = await storedRecords(fixture);
  const events = await distinctEvents(fixture);
  const faults = [...events.faults, ...(await changeFaults(fixture, stored))];
  const byRecord = new Map<string, RecordCloudEvent[]>();
  for (const event of events.events) {
    byRecord.set(event.subject, [...(byRecord.get(event.subject) ?? []), event]);
  }
  for (const { record, isAnnounced } of stored.values()) {
    const said = (byRecord.get(record.id) ?? []).sort((a, b) => a.data.revision - b.data.revision);
    if (!isAnnounced) continue;
    const revisions = said.map((event) => event.data.revision);
    if (!isGapless(revisions, record.revision))
      faults.push(`events of ${record.id} have revisions ${revisions.join()}`);
    const last = said.at(-1)?.data.record;
    if (!isDeepStrictEqual(last, JSON.parse(JSON.stringify(record)))) faults.push(`last event of ${record.id} differs`);
  }
  for (const id of byRecord.keys()) if (!stored.has(id)) faults.push(`events of ${id}, which is not stored`);
  return faults;
}

async function storedRecords(fixture: MappingFixture): Promise<Map<string, Stored>> {
  const [accounts, people] = [await fixture.accounts(), await fixture.people()];
  return new Map<string, Stored>([
    ...accounts.map((account): [string, Stored] => [
      account._id,
      { record: publishedAccount(account), isAnnounced: account.content !== 'user' },
    ]),
    ...people.map((person): [string, Stored] => [person._id, { record: publishedPerson(person), isAnnounced: true }]),
  ]);
}

/** Events by id; an id that was published with other bytes is a fault (C4). */
async function distinctEvents(fixture: MappingFixture): Promise<{ events: RecordCloudEvent[]; faults: string[] }> {
  const bytes = new Map<string, string>();
  const faults: string[] = [];
  for (const topic of [peopleTopic, saasUsersTopic]) {
    for (const { value } of await readTopic(fixture.environment.kafka, topic)) {
      const { id } = JSON.parse(value) as CloudEvent;
      if ((bytes.get(id) ?? value) !== value) faults.push(`event ${id} was published with other bytes`);
      bytes.set(id, value);
    }
  }
  return { events: [...bytes.values()].map((value) => JSON.parse(value) as RecordCloudEvent), faults };
}

/** Revisions in `changes`: 1..n for records above revision 1, none for those still at it (C2). */
async function changeFaults(fixture: MappingFixture, stored: ReadonlyMap<string, Stored>): Promise<string[]> {
  const revisions = new Map<string, number[]>();
  for await (const { record, revision } of fixture.environment.databases.collection(changes).find()) {
    revisions.set(record, [...(revisions.get(record) ?? []), revision]);
  }
  return [...stored.values()].flatMap(({ record }) => {
    const found = (revisions.get(record.id) ?? []).sort((a, b) => a - b);
    const isRight = record.revision === 1 ? found.length === 0 : isGapless(found, record.revision);
    return isRight ? [] : [`changes of ${record.id} at revision ${record.revision}: ${found.join()}`];
  });
}

function isGapless(revisions: readonly number[], last: number): boolean {
  return revisions.length === last && revisions.every((revision, index) => revision === index + 1);
}
