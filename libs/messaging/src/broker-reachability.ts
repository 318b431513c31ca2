import { type Kafka } from 'kafkajs';

import { kafkaErrorText } from './kafka-errors.js';
import { wait } from './wait.js';

/** A consumer hears of its broker at least every half second, a busy one with every heartbeat. */
const quietAfterMs = 2_500;
/** Both together stay below the five seconds within which a loss must show. */
const answerWithinMs = 2_000;

/** Whether Kafka answers. */
export interface Reachability {
  /** Some answer of some broker came just now. */
  answered(): void;
  check(): Promise<{ ok: boolean; detail: string }>;
}

export interface ReachabilityOptions {
  /** As the settings name them. */
  readonly brokers: readonly string[];
  /** A client that knows this broker alone, asks once, and logs nothing. */
  readonly clientOf: (broker: string) => Kafka;
  readonly now?: () => number;
}

/**
 * Whatever consumers hear counts, so that asking costs nothing while they work; only when they
 * have heard nothing for a while a connection is tried.
 */
export class BrokerReachability implements Reachability {
  private readonly now: () => number;
  private readonly beganAt: number;
  private lastAnswerAt: number | null = null;

  constructor(private readonly options: ReachabilityOptions) {
    this.now = options.now ?? (() => performance.now());
    this.beganAt = this.now();
  }

  answered(): void {
    this.lastAnswerAt = this.now();
  }

  async check(): Promise<{ ok: boolean; detail: string }> {
    const { brokers } = this.options;
    if (this.lastAnswerAt !== null && this.now() - this.lastAnswerAt < quietAfterMs) return answers;
    try {
      await Promise.any(brokers.map((broker) => this.ask(broker)));
      this.answered();
      return answers;
    } catch (error) {
      const [first] = (error as AggregateError).errors as unknown[];
      const quietS = Math.round((this.now() - (this.lastAnswerAt ?? this.beganAt)) / 1000);
      return {
        ok: false,
        detail:
          `Kafka cannot be reached at ${brokers.join(', ')} for ${quietS} s (${kafkaErrorText(first)}). ` +
          'It is tried again all the time; see that the broker runs.',
      };
    }
  }

  private async ask(broker: string): Promise<void> {
    const admin = this.options.clientOf(broker).admin();
    const limit = new AbortController();
    const late = wait(answerWithinMs, limit.signal).then(() => {
      throw new Error(`no answer within ${answerWithinMs / 1000} s`);
    });
    try {
      await Promise.race([admin.connect(), late]);
    } finally {
      late.catch(() => undefined);
      limit.abort();
      // Not awaited: a broker that stands still lets it wait for its own time limit.
      admin.disconnect().catch(() => undefined);
    }
  }
}

const answers = { ok: true, detail: 'answers' };
