import { setTimeout as sleep } from 'node:timers/promises';

import type { HealthState } from '@rollcall/observability';

export interface DatabaseHealthOptions {
  /** Where the database is, as the settings say. */
  readonly address: string;
  /** The time of day at the primary. May take as long as the driver looks for one. */
  readonly ask: () => Promise<Date>;
  readonly answerWithinMs?: number;
  readonly wallClock?: () => number;
  readonly stopwatch?: () => number;
}

/** Below the five seconds within which a loss must show. */
const answerWithinMs = 2_500;
/** More than clocks differ that are kept by NTP, and less than what the order of two changes could hang on. */
export const mostSkewMs = 2_000;

interface Answer {
  /** How far this machine's clock is ahead of the database's at least, whatever the way of the answer took; may be negative. */
  readonly aheadMs: number;
}

/** Whether MongoDB answers, and whether its clock and ours agree. Both out of one command. */
export class DatabaseHealth {
  private readonly wallClock: () => number;
  private readonly stopwatch: () => number;
  private asking: Promise<Answer> | null = null;

  constructor(private readonly options: DatabaseHealthOptions) {
    this.wallClock = options.wallClock ?? Date.now;
    this.stopwatch = options.stopwatch ?? (() => performance.now());
  }

  async reachable(): Promise<HealthState> {
    try {
      await this.ask();
      return { ok: true, detail: 'answers' };
    } catch {
      const { address } = this.options;
      return {
        ok: false,
        detail:
          `MongoDB cannot be reached at ${address}, or has no primary. ` +
          'It is tried again all the time; see that it runs.',
      };
    }
  }

  async clock(): Promise<HealthState> {
    let answer: Answer;
    try {
      answer = await this.ask();
    } catch {
      return { ok: true, detail: 'cannot be compared while the database does not answer' };
    }
    const { aheadMs } = answer;
    if (Math.abs(aheadMs) <= mostSkewMs) return { ok: true, detail: 'agrees with the database' };
    const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
    const side = aheadMs > 0 ? 'ahead of' : 'behind';
    return {
      ok: false,
      detail:
        `The clock of this machine is ${seconds} s ${side} the database's. Times that it writes are wrong by as much, ` +
        'and schedules come at the wrong moment. Keep both clocks by NTP.',
    };
  }

  /** Who comes while a question is open waits for the same answer, so that none pile up while the database is away. */
  private async ask(): Promise<Answer> {
    this.asking ??= this.measure().finally(() => {
      this.asking = null;
    });
    const limit = new AbortController();
    const late = sleep(this.options.answerWithinMs ?? answerWithinMs, undefined, limit).then(() => {
      throw new Error('no answer');
    });
    try {
      return await Promise.race([this.asking, late]);
    } finally {
      late.catch(() => undefined);
      limit.abort();
    }
  }

  private async measure(): Promise<Answer> {
    const beganAt = this.stopwatch();
    const began = this.wallClock();
    const theirs = await this.options.ask();
    const tookMs = this.stopwatch() - beganAt;
    // The database looked at its clock at some moment in between: what that may have been counts for the clocks.
    const difference = began + tookMs / 2 - theirs.getTime();
    const doubtMs = tookMs / 2;
    return { aheadMs: Math.sign(difference) * Math.max(0, Math.abs(difference) - doubtMs) };
  }
}
