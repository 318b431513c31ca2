import { z } from 'zod';

import { runRecordSchema } from '../../domain/run.js';
import { defineCommand } from '../define-command.js';

export const startRun = defineCommand({
  type: 'run.start',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Starts a full run now. An integration can have only one open run; a second one is refused.',
  input: z.object({ integration: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['integration-not-found', 'integration-not-active', 'run-still-open'],
});

export const startUserRun = defineCommand({
  type: 'run.start-user',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Reads one user from the vendor, writes them as a full run would, and reports each step. Nobody is deactivated.',
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
  description: 'Reads everything and records what a run would do, without doing it. Drafts can be previewed.',
  input: z.object({ integration: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['integration-not-found', 'integration-not-ready', 'run-still-open'],
});

export const applyPreview = defineCommand({
  type: 'run.apply',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Starts a full run that does only what a preview predicted. Its deactivations are judged as usual.',
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
  description: 'Cancels an open run before it deactivates anybody. What it created and updated so far stays.',
  input: z.object({ run: z.string() }),
  result: z.object({ run: runRecordSchema }),
  errors: ['run-not-found', 'run-ended', 'run-sweeping'],
});

export const retryRun = defineCommand({
  type: 'run.retry',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Repeats an ended run: for everybody, for one user, a preview, or applying one.',
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
    'Takes back what a run did and nobody has changed since, and puts Deactivate of its integration on hold. Each run can be undone once.',
  input: z.object({
    run: z.string(),
    /** Pauses the integration in the same step, so that its next run does not bring the same again. */
    pause: z.boolean().default(false),
  }),
  result: z.object({ run: runRecordSchema }),
  errors: ['run-not-found', 'run-not-ended', 'run-changed-nothing', 'run-already-undone'],
});
