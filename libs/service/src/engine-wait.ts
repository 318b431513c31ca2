import { setTimeout as sleep } from 'node:timers/promises';

import { isDatabaseAway } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import { isHopeless, isOfKafka, kafkaErrorText } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';

import { ConfigError } from './service-config.js';

export interface EngineWait {
  /** What is waited for, with its address: `Kafka at 127.0.0.1:9092`. */
  readonly engine: string;
  /** The setting that may be wrong. */
  readonly setting: string;
  readonly logger: Logger;
  readonly patienceMs?: number;
}

/** A broker on a busy machine took minutes; whoever restarts services begins again after this. */
const patienceMs = 10 * 60_000;
const pausesMs = { first: 500, longest: 5_000 };

/**
 * Repeats `work` while an engine is away or not ready to serve yet, and says so each time: services and engines start in
 * any order.
 * @throws ConfigError when it takes too long; any other error at once
 */
export async function whenEngineServes<Result>(
  { engine, setting, logger, patienceMs: limitMs = patienceMs }: EngineWait,
  work: () => Promise<Result>,
): Promise<Result> {
  const beganAt = performance.now();
  for (let pauseMs = pausesMs.first; ; pauseMs = Math.min(pauseMs * 2, pausesMs.longest)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const reason = isOfKafka(error) ? kafkaErrorText(error) : errorText(error);
      const waitedMs = performance.now() - beganAt;
      if (waitedMs + pauseMs > limitMs) {
        const seconds = Math.round(waitedMs / 1000);
        throw new ConfigError(
          `${engine} cannot be used after ${seconds} s: ${reason}\nSee that it runs, and that ${setting} is right. Then start this service again.`,
        );
      }
      logger.warn(`waiting for ${engine}: ${reason}. It is tried again; see that it runs and that ${setting} is right`);
      await sleep(pauseMs);
    }
  }
}

const isPassing = (error: unknown): boolean => isDatabaseAway(error) || (isOfKafka(error) && !isHopeless(error));
