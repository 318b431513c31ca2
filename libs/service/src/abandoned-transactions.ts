import { AbandonedTransactions, type Databases, isLookRefused } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';

/** A look that ends transactions which killed replicas of this service left open, so that nobody waits for them (ADR 0011). */
export function lookForAbandonedTransactions(databases: Databases, logger: Logger): () => Promise<void> {
  const abandoned = new AbandonedTransactions(databases);
  let isRefused = false;
  return async () => {
    if (isRefused) return;
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
  };
}
