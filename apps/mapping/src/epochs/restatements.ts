import type { AccountDocument, PersonDocument, RecordEpochDocument } from '@rollcall/collections';
import {
  encodeEvent,
  type EventDefinition,
  peopleResyncEnded,
  peopleResyncStarted,
  personRestated,
  saasUserRestated,
  saasUsersResyncEnded,
  saasUsersResyncStarted,
} from '@rollcall/contracts';
import { cloudEventHeaders, type OutgoingMessage } from '@rollcall/messaging';

import { publishedAccount, publishedPerson } from '../changes/record-change.js';

type Resyncing = Pick<RecordEpochDocument, 'epoch' | 'since' | 'resync'>;

const borders = {
  started: [peopleResyncStarted, saasUsersResyncStarted],
  ended: [peopleResyncEnded, saasUsersResyncEnded],
};

/** Says to every partition, and thereby before or after its records, that they are all said again. */
export function borderMessages(border: keyof typeof borders, { epoch, since, resync }: Resyncing): OutgoingMessage[] {
  const time = since.toISOString();
  const data = { epoch, reason: resync!.reason, since: time };
  return borders[border].flatMap((definition) =>
    Array.from({ length: definition.topic.partitions }, (_, partition) => {
      const id = `resync-${epoch}/${border}/${partition}`;
      return {
        ...messageOf(definition, epoch, encodeEvent(definition, { id, subject: epoch, time, data })),
        partition,
      };
    }),
  );
}

/** An account as it stands; null where nothing is ever said of it (C5), or nothing any more (D7). */
export function restatedAccount(account: AccountDocument, epoch: Resyncing): OutgoingMessage | null {
  if (account.content === 'user' || account.retired !== undefined) return null;
  return restated(saasUserRestated, publishedAccount(account), epoch);
}

export function restatedPerson(person: PersonDocument, epoch: Resyncing): OutgoingMessage {
  return restated(personRestated, publishedPerson(person), epoch);
}

/** The id names the revision: a record that changes while all are said again is said under each. */
function restated(
  definition: typeof personRestated | typeof saasUserRestated,
  record: { readonly id: string; readonly revision: number },
  { epoch, since }: Resyncing,
): OutgoingMessage {
  const { id: subject, revision } = record;
  const id = `restated-${epoch}/${subject}/${revision}`;
  const data = { revision, epoch, record };
  const value = encodeEvent(definition as EventDefinition, { id, subject, time: since.toISOString(), data });
  return messageOf(definition, subject, value);
}

function messageOf({ topic }: EventDefinition, key: string, value: string): OutgoingMessage {
  return { topic, key, value, headers: cloudEventHeaders };
}
