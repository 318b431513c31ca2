import { z } from 'zod';

import { runRecordSchema } from '../../domain/run.js';
import { defineCommand } from '../define-command.js';

export const startRun = defineCommand({
  type: 'run.start',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Starts a full run now. One open run per integration: a second one is refused (A3).',
  input: z.object({ integration: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['integration-not-found', 'integration-not-active', 'run-still-open'],
});

export const startUserRun = defineCommand({
  type: 'run.start-user',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Reads one user from the vendor, writes him as a full run would, and says step by step what it did. Nobody is deactivated.',
  input: z.object({
    integration: z.string(),
    vendorId: z.string().min(1).max(512),
    /** For vendors that are asked by name; null: the name of the account that is known. */
    username: z.string().max(256).nullable(),
  }),
  result: z.object({ run: runRecordSchema }),
  errors: ['integration-not-found', 'integration-not-active', 'run-still-open', 'single-user-not-available'],
});

export const previewRun = defineCommand({
  type: 'run.preview',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Reads everything and writes down what a run would do, and does none of it (E6). Drafts may be previewed.',
  input: z.object({ integration: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['integration-not-found', 'integration-not-ready', 'run-still-open'],
});

export const applyPreview = defineCommand({
  type: 'run.apply',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Starts a full run that does only what a preview foretold; its deactivations are judged as ever (E7).',
  input: z.object({ run: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: [
    'run-not-found',
    'integration-not-found',
    'integration-not-active',
    'run-still-open',
    'not-a-preview',
    'preview-not-complete',
    'preview-expired',
    'preview-outdated',
  ],
});

export const cancelRun = defineCommand({
  type: 'run.cancel',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Cancels an open run before its sweep. Creates and updates so far stay.',
  input: z.object({ run: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['run-not-found', 'run-ended', 'run-sweeping'],
});

export const retryRun = defineCommand({
  type: 'run.retry',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Does again what an ended run was for: everybody, one user, a preview, or applying one.',
  input: z.object({ run: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: [
    'run-not-found',
    'run-not-ended',
    'integration-not-found',
    'integration-not-active',
    'integration-not-ready',
    'run-still-open',
    'single-user-not-available',
    'not-a-preview',
    'preview-not-complete',
    'preview-expired',
    'preview-outdated',
  ],
});

export const undoRun = defineCommand({
  type: 'run.undo',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Takes back what a run did and nobody changed since, and puts Deactivate of its integration on hold (E5). Once for each run.',
  input: z.object({
    run: z.string(),
    /** Pauses the integration in the same step, so that its next run does not bring the same again. */
    pause: z.boolean().default(false),
  }),
  result: z.object({ run: runRecordSchema }),
  errors: ['run-not-found', 'run-not-ended', 'run-changed-nothing', 'run-already-undone'],
});
