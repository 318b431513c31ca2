import { Injectable } from '@nestjs/common';
import { Databases, signInFailures, type SignInFailuresDocument } from '@rollcall/collections';

/** Stands for all networks that an account is not known in. */
const strangers = '*';

/** One try of a password. */
export interface Attempt {
  readonly account: string;
  readonly network: string;
}

/** Counts before the password is tried, so that attempts on several replicas at once are not tried in vain. */
@Injectable()
export class SignInFailuresRepository {
  constructor(private readonly databases: Databases) {}

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  /**
   * Counts an attempt as wrong until it turns out to be right. `pausedUntil` of the answer is set when this one came too
   * late; it was not counted then.
   */
  async countAttempt(
    { account, network }: Attempt,
    { mostInRow, pausedUntil }: { mostInRow: number; pausedUntil: Date },
  ): Promise<Pick<SignInFailuresDocument, 'pausedUntil' | 'isKnown'>> {
    const now = this.time();
    const isPaused = { $gt: [{ $ifNull: ['$pausedUntil', new Date(0)] }, now] };
    const wasPaused = { $ne: [{ $ifNull: ['$pausedUntil', null] }, null] };
    const counted = { $add: [{ $cond: [wasPaused, 0, { $ifNull: ['$failures', 0] }] }, 1] };
    const before = await this.collection.findOneAndUpdate(
      { _id: `${account} ${network}` },
      [
        {
          $set: {
            failures: { $cond: [isPaused, '$failures', counted] },
            lastAt: now,
            pausedUntil: {
              $cond: [isPaused, '$pausedUntil', { $cond: [{ $gte: [counted, mostInRow] }, pausedUntil, null] }],
            },
            isKnown: { $ifNull: ['$isKnown', false] },
          },
        },
      ],
      { upsert: true, returnDocument: 'before' },
    );
    const until = before?.pausedUntil ?? null;
    return { pausedUntil: until !== null && until > now ? until : null, isKnown: before?.isKnown ?? false };
  }

  /** Counts an attempt from a network that the account is not known in. @returns how many there were in a row */
  async countOfStrangers(account: string): Promise<number> {
    const after = await this.collection.findOneAndUpdate(
      { _id: `${account} ${strangers}` },
      { $inc: { failures: 1 }, $set: { lastAt: this.time(), pausedUntil: null, isKnown: false } },
      { upsert: true, returnDocument: 'after' },
    );
    return after?.failures ?? 1;
  }

  /** The network is known from now on. */
  async noteRight({ account, network }: Attempt): Promise<void> {
    const lastAt = this.time();
    await this.collection.updateOne(
      { _id: `${account} ${network}` },
      { $set: { failures: 0, pausedUntil: null, isKnown: true, lastAt } },
      { upsert: true },
    );
    await this.collection.updateOne({ _id: `${account} ${strangers}` }, { $set: { failures: 0, lastAt } });
  }

  async forget(account: string): Promise<void> {
    await this.collection.updateMany(
      { _id: { $regex: `^${account} ` } },
      { $set: { failures: 0, pausedUntil: null, lastAt: this.time() } },
    );
  }

  /** The driver's, because the count is made by the server. */
  private get collection() {
    return this.databases.collection(signInFailures);
  }
}
