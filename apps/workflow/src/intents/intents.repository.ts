import { Injectable } from '@nestjs/common';
import { Databases, type IntentDocument, intents, trusted } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

import { statesBefore } from './intent-state.js';

type EndState = 'done' | 'refused' | 'unknown';

/**
 * Writes intents. All writes are acknowledged by a majority with its journal (the client's default), which is what
 * "written before the call" rests on (P15).
 */
@Injectable()
export class IntentsRepository {
  constructor(private readonly databases: Databases) {}

  find(id: string): Promise<IntentDocument | null> {
    return this.intents.findOne({ _id: id }).lean();
  }

  async insert(intent: IntentDocument): Promise<void> {
    await this.intents.create([intent]);
  }

  /** Notes that a call is about to be made. False when somebody else noted the same attempt or ended the intent. */
  async beginAttempt(intent: IntentDocument, number: number, secretVersion: number): Promise<boolean> {
    const { modifiedCount } = await this.intents.updateOne(
      {
        _id: intent._id,
        state: trusted({ $in: statesBefore('attempting') }),
        attempts: trusted({ $size: number - 1 }),
      },
      {
        $set: { state: 'attempting', secretVersion },
        $push: { attempts: { number, startedAt: this.databases.time(), outcome: null, message: null } },
      },
    );
    return modifiedCount > 0;
  }

  /** What came of an attempt, while the intent itself is still open. */
  async noteOutcome(id: string, number: number, outcome: string, message: string | null): Promise<void> {
    await this.intents.updateOne(
      { _id: id, 'attempts.number': number },
      { $set: { 'attempts.$.outcome': outcome, 'attempts.$.message': message } },
    );
  }

  /** Ends an intent, in the transaction that ends its step. */
  async end(id: string, state: EndState, message: string | null, session: ClientSession): Promise<void> {
    const { matchedCount } = await this.intents.updateOne(
      { _id: id, state: trusted({ $in: statesBefore(state) }) },
      { $set: { state, message } },
      { session },
    );
    if (matchedCount === 0) throw new Error(`intent ${id} cannot become ${state}: it has ended already`);
  }

  private get intents() {
    return this.databases.model(intents);
  }
}
