import { runs } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';

/** Resolves in the middle of a run: some of its users were read, and others were not. */
export async function untilReading({ environment: { databases } }: Installation): Promise<void> {
  const isRead = { state: 'reading' as const, 'progress.pages': { $gt: 0 } };
  await waitFor('a run to be read', async () => (await databases.collection(runs).countDocuments(isRead)) > 0, 60_000);
}
