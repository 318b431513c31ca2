import { Injectable } from '@nestjs/common';

import { TooManyRequests } from '../gateway.errors.js';
import { TokenBuckets } from '../rate-limits/token-buckets.js';
import { AccountDigest } from './account-digest.js';
import { type Attempt, SignInFailuresRepository } from './sign-in-failures.repository.js';

/** Wrong passwords for one account from one network before there is a pause. */
export const mostInRow = 5;
const pauseMs = 15 * 60_000;
/** Wrong passwords for one account from networks that it is not known in, before only a link helps. */
export const mostFromStrangers = 100;
const perMinuteOfNetwork = 20;

/**
 * How often a password may be guessed. Counts by account and network, so that whoever guesses locks out nobody but
 * themselves; and by account over all networks that the right password never came from, so that many addresses are no
 * way around it. All of it whether or not there is such an account.
 */
@Injectable()
export class SignInLimits {
  private readonly networks = new TokenBuckets({ perMinute: perMinuteOfNetwork });
  /** The last attempt of each account under way here: the next one starts when it has been counted. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly failures: SignInFailuresRepository,
    private readonly accounts: AccountDigest,
  ) {}

  /**
   * Runs an attempt when its turn has come and counts it.
   * @param isRight whether the password is right; not called when there were too many wrong ones
   * @throws TooManyRequests
   */
  async attempt<Result>(
    { email, network }: { email: string; network: string },
    isRight: () => Promise<Result | null>,
  ): Promise<Result | null> {
    const waitMs = this.networks.take(network);
    if (waitMs > 0) throw tooManyOfNetwork(waitMs);
    const attempt = { account: this.accounts.of(email), network };
    const result = await this.inTurn(attempt.account, () => this.counted(attempt, isRight));
    if (result !== null) this.networks.giveBack(network);
    return result;
  }

  /** Whoever has proven by a link who they are starts anew. */
  async forgive(email: string): Promise<void> {
    await this.failures.forget(this.accounts.of(email));
  }

  /** They came in from there by a link or by single sign-on, so whoever guesses elsewhere does not lock them out there. */
  async recognise(email: string, network: string): Promise<void> {
    await this.failures.noteRight({ account: this.accounts.of(email), network });
  }

  private async counted<Result>(attempt: Attempt, isRight: () => Promise<Result | null>): Promise<Result | null> {
    const now = this.failures.time();
    const own = await this.failures.countAttempt(attempt, {
      mostInRow,
      pausedUntil: new Date(now.getTime() + pauseMs),
    });
    if (own.pausedUntil !== null) throw paused(own.pausedUntil.getTime() - now.getTime());
    if (!own.isKnown && (await this.failures.countOfStrangers(attempt.account)) > mostFromStrangers) throw locked();
    const result = await isRight();
    if (result !== null) await this.failures.noteRight(attempt);
    return result;
  }

  private async inTurn<Result>(account: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.turns.get(account) ?? Promise.resolve()).then(work, work);
    const settled = turn.catch(() => undefined);
    this.turns.set(account, settled);
    try {
      return await turn;
    } finally {
      if (this.turns.get(account) === settled) this.turns.delete(account);
    }
  }
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const tooManyOfNetwork = (waitMs: number): TooManyRequests =>
  new TooManyRequests(
    `More than ${perMinuteOfNetwork} wrong passwords in a minute came from this address. Wait ${secondsOf(waitMs)} seconds (Retry-After), then try again.`,
    secondsOf(waitMs),
  );

const paused = (waitMs: number): TooManyRequests =>
  new TooManyRequests(
    `There were ${mostInRow} wrong passwords in a row for this address, so no other one is tried from here for ${Math.ceil(secondsOf(waitMs) / 60)} minutes. An administrator can make a link to choose another password.`,
    secondsOf(waitMs),
  );

const locked = (): TooManyRequests =>
  new TooManyRequests(
    'Too many wrong passwords came for this address from many places, so no other one is tried from places where it was never used. An administrator can make a link to choose another password.',
    pauseMs / 1000,
  );
