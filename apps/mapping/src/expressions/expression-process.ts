import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import type { BatchProgress, BatchRequest } from './batch.js';
import { evaluateBatch } from './evaluate-batch.js';

/**
 * Main file of the process in which expressions are evaluated; `process-of-expressions.ts` starts, watches and kills it.
 * It has no environment, no connection and no secret, only the records that it is given.
 */

/** Whoever started it ends it, so that a slice under way is finished when a terminal sends its signal to all. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

preferAsVictim();
process.on('message', (request: BatchRequest) => void evaluateBatch(request, tell));
send({ isReady: true });

async function tell(progress: BatchProgress): Promise<void> {
  send(progress);
  // Gives way, so that the message leaves and the end of the other side is noticed.
  await setImmediate();
}

function send(message: object): void {
  // An error means that the other side is gone, and "disconnect" follows.
  process.send?.(message, undefined, undefined, () => undefined);
}

/** Where memory is short, Linux ends this process before the service that it belongs to. */
function preferAsVictim(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux, or not allowed: the heap limit remains.
  }
}
