import { AbandonedTransactions, type Databases, isLookRefused, lookForAbandonedEveryMs } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import { Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';

/** Ends transactions that killed replicas of this service left open, so that nobody waits for them (ADR 0011). */
export function watchAbandonedTransactions(databases: Databases, logger: Logger): Loop {
  const abandoned = new AbandonedTransactions(databases);
  let isRefused = false;
  const look = async (): Promise<boolean> => {
    if (isRefused) return false;
    try {
      for (const { client, openMs } of await abandoned.end()) {
        const age = `${Math.round(openMs / 1000)} s`;
        logger.warn(
          `a transaction of ${client} stood still and was ended after ${age}: its process was killed or paused`,
        );
      }
    } catch (error) {
      if (!isLookRefused(error)) throw error;
      isRefused = true;
      logger.warn(
        `the database does not tell which transactions are open (${errorText(error)}): after a kill, ` +
          'records that the killed process was writing can stay locked for a minute and a half. ' +
          'To avoid that, use a MongoDB that lets a user see their own operations ($currentOp).',
      );
    }
    return false;
  };
  return new Loop({ name: 'look for abandoned transactions', idleMs: lookForAbandonedEveryMs, logger, step: look });
}
