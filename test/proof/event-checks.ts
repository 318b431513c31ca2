import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { type CloudEvent, peopleTopic, saasUsersTopic } from '@rollcall/contracts';
import { streamTopic } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
import type { Churn } from './churn.js';
import type { Faults } from './faults.js';
import type { StoredRecords } from './record-checks.js';

interface RecordData {
  readonly revision: number;
  readonly record: { readonly id: string; readonly vendorId?: string; readonly connector?: string };
  readonly cause: { readonly kind: string; readonly run?: string };
}
type RecordCloudEvent = CloudEvent<RecordData>;

export interface EventFigures {
  readonly events: number;
  readonly distinct: number;
  readonly laterRevisions: number;
  readonly deactivated: number;
}

/**
 * I3, I4 and I5 from offset 0: who is deactivated was away when that run read, or a call made it so; an event id has one
 * set of bytes; revisions are 1..n; the highest one is the record that is stored.
 */
export async function checkEvents(
  installation: Installation,
  stored: StoredRecords,
  churn: Churn,
  faults: Faults,
): Promise<EventFigures> {
  const ledger = installation.simulator.control.ledger();
  const acted = new Set(ledger.flatMap((entry) => (entry.kind === 'effect' ? [entry.id] : [])));
  const records = publishedRecords(stored);
  const figures = { events: 0, distinct: 0, laterRevisions: 0, deactivated: 0 };
  for (const topic of [peopleTopic, saasUsersTopic]) {
    const bytes = new Map<string, string>();
    const revisions = new Map<string, Set<number>>();
    await streamTopic(installation.environment.kafka, topic, ({ value }) => {
      figures.events += 1;
      const event = JSON.parse(value) as RecordCloudEvent;
      const digest = hash('sha1', value, 'base64');
      const known = bytes.get(event.id);
      if (known !== undefined) {
        if (known !== digest) faults.add('I4', `event ${event.id} was published with other bytes`);
        return;
      }
      bytes.set(event.id, digest);
      figures.distinct += 1;
      const { revision, record } = event.data;
      const seen = revisions.get(event.subject) ?? new Set();
      if (seen.has(revision)) faults.add('I4', `revision ${revision} of ${event.subject} has two events`);
      revisions.set(event.subject, seen.add(revision));
      if (revision > 1) figures.laterRevisions += 1;
      if (event.type === 'saas-user.deactivated') {
        figures.deactivated += 1;
        if (!mayDeactivate(event.data, churn, acted)) faults.add('I3', `${record.id} was deactivated without a reason`);
      }
      const now = records.get(event.subject);
      if (now?.revision === revision && !isDeepStrictEqual(record, now.record())) {
        faults.add('I4', `the last event of ${event.subject} is not the record that is stored`);
      }
    });
    for (const [id, seen] of revisions) {
      const now = records.get(id);
      if (now === undefined) faults.add('I5', `${id} has events and is not stored`);
      else if (seen.size !== now.revision || Math.max(...seen) !== now.revision) {
        faults.add('I4', `${id} stands at revision ${now.revision} and has events of ${[...seen].sort().join()}`);
      }
      records.delete(id);
    }
  }
  for (const id of records.keys()) faults.add('I5', `${id} is stored and has no event`);
  return figures;
}

function mayDeactivate({ record, cause }: RecordData, churn: Churn, acted: ReadonlySet<string>): boolean {
  if (acted.has(record.vendorId!)) return true;
  return cause.kind === 'sweep' && churn.wasAway(record.connector!, record.vendorId!, cause.run!);
}

/** As JSON, because that is what events carry. Made when asked for: few are, and all at once would not fit. */
function publishedRecords(stored: StoredRecords): Map<string, { revision: number; record: () => unknown }> {
  const told = (document: AccountDocument | PersonDocument, hidden: readonly string[]): unknown => {
    const { _id, ...rest } = document;
    const shown = Object.entries(rest).filter(([name]) => !hidden.includes(name));
    return JSON.parse(JSON.stringify({ id: _id, ...Object.fromEntries(shown) }));
  };
  const records = new Map<string, { revision: number; record: () => unknown }>();
  for (const account of stored.accounts.values()) {
    records.set(account._id, {
      revision: account.revision,
      record: () => told(account, ['hash', 'observedAt', 'observedBy', 'madeAgainBy', 'changed', 'neverUsed']),
    });
  }
  for (const person of stored.people.values()) {
    const hidden = ['fold', 'settingsVersion', 'keys', 'changed', 'activeAccounts', 'inactiveAt', 'lastActivityAt'];
    records.set(person._id, { revision: person.revision, record: () => told(person, hidden) });
  }
  return records;
}
