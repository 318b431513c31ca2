import { relative } from 'node:path';

/** One engine that serves. `stop` ends what Rollcall started and leaves given addresses alone. */
export interface StartedEngine {
  /** Broker list or MongoDB URI. */
  address: string;
  /** Which one was chosen, as a sentence for a person. */
  description: string;
  /** A local process that was not there before. */
  isNew?: boolean;
  stop(): Promise<void>;
}

/** A path as a person in the current folder would write it. */
export function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
