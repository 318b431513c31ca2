import { z } from 'zod';

import { contactSchema } from '../domain/contact.js';
import { runRecordSchema } from '../domain/run.js';
import { isoTimeSchema } from '../domain/values.js';
import { runsTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const runEventDataSchema = z.object({ run: runRecordSchema });
export type RunEventData = z.infer<typeof runEventDataSchema>;

const runEvent = (type: string, description: string) =>
  defineEvent({ type, topic: runsTopic, source: 'sync-runner', description, data: runEventDataSchema });

export const runPlanned = runEvent('run.planned', 'A run was planned, by its schedule or by a person.');
export const runStarted = runEvent('run.started', 'A run began to read from its vendor.');
export const runCompleted = runEvent('run.completed', 'A run completed. Its state says whether single users failed.');
export const runHeld = runEvent('run.held', 'The guard held the deactivations of a run; nobody was deactivated.');
export const runFailed = runEvent('run.failed', 'A run failed with a named reason; nobody was deactivated.');
export const runCancelled = runEvent('run.cancelled', 'A person cancelled a run.');
export const runUndone = runEvent(
  'run.undone',
  'What a run did was taken back, except what has been changed since. `run.undone` says how much.',
);
export const runSkipped = runEvent('run.skipped', 'A run was due while another one was open.');

export const integrationConfigured = defineEvent({
  type: 'integration.configured',
  topic: runsTopic,
  source: 'sync-runner',
  description: 'An integration was created or changed. Consumers that watch runs learn its contacts here.',
  data: z.object({
    integration: z.string(),
    version: z.number().int(),
    name: z.string(),
    state: z.enum(['draft', 'active', 'paused']),
    contacts: z.array(contactSchema),
  }),
});

export const integrationDeleted = defineEvent({
  type: 'integration.deleted',
  topic: runsTopic,
  source: 'sync-runner',
  description: 'An integration was deleted. It has no further runs; what it brought stays.',
  data: z.object({ integration: z.string(), name: z.string(), by: z.string() }),
});

export const schedulePlanned = defineEvent({
  type: 'schedule.planned',
  topic: runsTopic,
  source: 'sync-runner',
  description: 'The next planned run of an integration; null when none is planned.',
  data: z.object({ integration: z.string(), plannedAt: isoTimeSchema.nullable() }),
});
