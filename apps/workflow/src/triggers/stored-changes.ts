import { isDeepStrictEqual } from 'node:util';

import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type ChangeDocument,
  changes,
  Databases,
  people,
  type PersonDocument,
} from '@rollcall/collections';
import { type Cause, causeSchema, changeId } from '@rollcall/contracts';

import type { TriggeringEvent } from './match-event.js';

/** What an event of a record says, as far as something is done because of it. */
export interface Claim extends TriggeringEvent {
  readonly noun: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

type ReadLevel = 'majority' | 'linearizable';

const lookMs = 10_000;

/**
 * Events of people and SaaS users are signed by nobody, because there are too many. Before one starts something, mapping
 * is asked whether it made that change: its collections are the truth, and the topic only tells of it.
 */
@Injectable()
export class StoredChanges {
  constructor(private readonly databases: Databases) {}

  /** True if mapping stored what the event says. */
  async hold(claim: Claim): Promise<boolean> {
    const change = claim.id.startsWith(`${claim.noun}/`) ? claim.id.slice(claim.noun.length + 1) : null;
    if (change === null) return false;
    // Right after another member of the replica set became primary, a majority read may miss what was said already.
    return (await this.look(claim, change, 'majority')) || this.look(claim, change, 'linearizable');
  }

  private async look(claim: Claim, change: string, level: ReadLevel): Promise<boolean> {
    if (await this.isChange(claim, change, level)) return true;
    if (!claim.type.endsWith('.created')) return false;
    // The change of a creation is written with the first update, which may have come between two looks.
    return (await this.isCreation(claim, change, level)) || this.isChange(claim, change, level);
  }

  private async isChange(claim: Claim, change: string, level: ReadLevel): Promise<boolean> {
    const stored = await this.databases.model(changes).findOne({ _id: change }, null, options(level)).lean();
    return stored !== null && isSaidBy(claim, stored);
  }

  /** A record that still stands at its first revision has no change yet; it says itself how it came to be (C2). */
  private async isCreation(claim: Claim, change: string, level: ReadLevel): Promise<boolean> {
    const filter = { _id: claim.subject };
    const record: AccountDocument | PersonDocument | null =
      claim.noun === 'people'
        ? await this.databases.model(people).findOne(filter, null, options(level)).lean()
        : await this.databases.model(accounts).findOne(filter, null, options(level)).lean();
    if (record?.revision !== 1) return false;
    const { position, number, time, cause } = record.created;
    const app = 'app' in record ? record.app : null;
    return changeId(position, number) === change && isSame(claim, { time, cause, app });
  }
}

function options(level: ReadLevel) {
  return { readConcern: { level }, maxTimeMS: lookMs };
}

function isSaidBy(claim: Claim, { event, record, after, time, cause }: ChangeDocument): boolean {
  const app = 'app' in after ? after.app : null;
  return event === claim.type && record === claim.subject && isSame(claim, { time, cause, app });
}

function isSame(claim: Claim, stored: { time: string; cause: Cause; app: string | null }): boolean {
  return (
    claim.time === stored.time &&
    claim.app === stored.app &&
    isDeepStrictEqual(causeSchema.parse(stored.cause), causeSchema.parse(claim.cause))
  );
}
