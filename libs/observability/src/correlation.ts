import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs `run` so that everything it starts, also after awaits, logs and sends under the correlation id. */
export function withCorrelation<Result>(id: string, run: () => Result): Result {
  return storage.run(id, run);
}

/** The correlation id of what is running now; undefined outside of `withCorrelation`. */
export function currentCorrelationId(): string | undefined {
  return storage.getStore();
}
