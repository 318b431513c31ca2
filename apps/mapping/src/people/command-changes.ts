import { Injectable } from '@nestjs/common';
import { type ClientSession, Databases } from '@rollcall/collections';
import type { Cause, PeopleField, Values } from '@rollcall/contracts';
import { Outbox } from '@rollcall/messaging';

import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { ChangesRepository } from '../changes/changes.repository.js';
import { commandPosition } from '../changes/positions-in-text.js';
import { RecordEpochsRepository } from '../epochs/record-epochs.repository.js';
import { FoldSession } from './fold-session.js';
import { FoldSettingsRepository } from './fold-settings.repository.js';
import { KeyOwners } from './key-owners.js';
import { keyFieldOf, keysOf } from './keys.js';
import { keyTaken } from './people.errors.js';
import { PeopleReadsRepository } from './people-reads.repository.js';

/** Changes made outside the hot path: state, change and outbox entry in one transaction (F6). */
@Injectable()
export class CommandChanges {
  constructor(
    private readonly databases: Databases,
    private readonly reads: PeopleReadsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly changes: ChangesRepository,
    private readonly outbox: Outbox,
    private readonly epochs: RecordEpochsRepository,
  ) {}

  /**
   * Refuses values of unique fields that somebody else has. A run leaves such a value empty and marks it (D4); whoever
   * types it is there to be told.
   * @throws AppError key-taken
   */
  async refuseTakenKeys(
    session: ClientSession,
    person: string,
    values: Values,
    fields: readonly PeopleField[],
  ): Promise<void> {
    const unique = fields.filter((field) => field.unique);
    const keyFields = unique.map(keyFieldOf);
    const known = new KeyOwners(keyFields);
    const keys = keysOf(values, keyFields);
    const owners = await this.reads.within(session).peopleByKey(known.unasked([...keys.values()]));
    for (const one of owners) if (one._id !== person) known.add(one);
    for (const [variable, key] of keys) {
      const owner = known.of(key);
      const label = unique.find((field) => field.variable === variable)?.label ?? variable;
      if (owner !== undefined) throw keyTaken(label, owner._id);
    }
  }

  /**
   * Loads the accounts and people named, lets `edit` draft changes, folds, and writes.
   * Reads happen in the transaction, so a concurrent fold makes it conflict and start over.
   */
  async apply(
    session: ClientSession,
    command: { readonly id: string; readonly cause: Cause },
    loads: { readonly accounts: readonly string[]; readonly people: readonly string[] },
    edit: (fold: FoldSession, origin: ChangeOrigin) => void,
  ): Promise<void> {
    const fold = new FoldSession(this.reads.within(session), await this.settings.get(session));
    await fold.load(loads.accounts, [], loads.people);
    const time = this.databases.time().toISOString();
    const records = (await this.epochs.find(session))?.epoch;
    edit(fold, { position: commandPosition(command.id, records), time, cause: command.cause });
    const set = new ChangeSet();
    await fold.writeTo(set);
    await this.changes.write(session, set);
    for (const { definition, id, key, data } of set.events) {
      await this.outbox.event(session, definition, { id, key, subject: key, time, data });
    }
  }
}
