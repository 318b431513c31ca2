import { z } from 'zod';

import { installationTypeSchema } from '../../domain/connector-manifest.js';
import { newContactSchema } from '../../domain/contact.js';
import { credentialTestSchema } from '../../domain/credential.js';
import { deactivationLimitSchema } from '../../domain/deactivation-limit.js';
import { integrationRecordSchema, scheduleSchema } from '../../domain/integration.js';
import { nameSchema } from '../../domain/text.js';
import { contentSchema, preferenceSchema } from '../../domain/values.js';
import { defineCommand } from '../define-command.js';
import { leftDataSchema } from '../mapping/retire-integration.js';

const settings = {
  name: nameSchema(120),
  installation: installationTypeSchema,
  credential: z.string().nullable(),
  inputs: z.record(z.string(), z.string().max(2000)),
  content: contentSchema,
  app: z.string().max(120).nullable(),
  preference: preferenceSchema,
  deactivate: z.boolean(),
  deactivationLimit: deactivationLimitSchema,
  authoritative: z.boolean(),
  priority: z.number().int().min(1).max(1000),
  schedule: scheduleSchema,
  contacts: z.array(newContactSchema).max(20),
};

export const createIntegration = defineCommand({
  type: 'integration.create',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Creates an integration as a draft. Settings that are left out take their defaults; the default schedule is daily.',
  input: z.object({
    id: z.string(),
    connector: z.string(),
    load: z.string().nullable(),
    ...z.object(settings).partial().shape,
    name: settings.name,
  }),
  result: z.object({ integration: integrationRecordSchema }),
  errors: [
    'id-taken',
    'unknown-connector',
    'unknown-load',
    'invalid-schedule',
    'invalid-inputs',
    'name-taken',
    'credential-not-usable',
    'app-not-found',
    'app-not-linked',
    'installation-not-allowed',
    'inputs-refused-by-vendor',
  ],
});

export const updateIntegration = defineCommand({
  type: 'integration.update',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Changes settings of an integration. What is left out stays as it is. The next run uses the new settings.',
  input: z.object({ id: z.string(), ifVersion: z.number().int().nullable(), ...z.object(settings).partial().shape }),
  result: z.object({ integration: integrationRecordSchema }),
  errors: [
    'integration-not-ready',
    'credential-refused-by-vendor',
    'integration-not-found',
    'version-conflict',
    'invalid-schedule',
    'invalid-inputs',
    'name-taken',
    'credential-not-usable',
    'app-not-found',
    'app-not-linked',
    'installation-not-allowed',
    'inputs-refused-by-vendor',
  ],
});

export const cloneIntegration = defineCommand({
  type: 'integration.clone',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Creates a draft with the settings and the mapping of another integration. It deactivates nobody until Deactivate is turned on.',
  input: z.object({ id: z.string(), source: z.string(), name: settings.name }),
  result: z.object({ integration: integrationRecordSchema }),
  errors: ['integration-not-found', 'id-taken', 'name-taken'],
});

/** One thing that an integration needs before it may run. */
export const checklistItemSchema = z.object({
  code: z.enum(['connector', 'installation', 'credential', 'own-users', 'input', 'mapping']),
  label: z.string(),
  ok: z.boolean(),
  /** What is missing and what to do; empty when all is there. */
  gaps: z.array(z.string()),
  /** What does not stand in the way, but should be looked at. */
  hints: z.array(z.string()),
});
export const checklistSchema = z.object({ ready: z.boolean(), items: z.array(checklistItemSchema) });
export type Checklist = z.infer<typeof checklistSchema>;

export const checkIntegration = defineCommand({
  type: 'integration.check',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Lists what an integration still needs before it can run. Changes nothing.',
  input: z.object({ id: z.string() }),
  result: checklistSchema,
  errors: ['integration-not-found'],
});

export const deleteIntegration = defineCommand({
  type: 'integration.delete',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Deletes an integration, so that it never runs again. With "keep" its accounts stay as they are; with "clean" they are retired. People, runs and history stay in any case.',
  input: z.object({ id: z.string(), data: leftDataSchema }),
  result: z.object({ id: z.string(), name: z.string() }),
  errors: ['integration-not-found', 'integration-running'],
});

export const launchIntegration = defineCommand({
  type: 'integration.launch',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Tries the credential at the vendor, then activates a draft or paused integration and starts its schedule.',
  input: z.object({ id: z.string() }),
  result: z.object({ integration: integrationRecordSchema }),
  errors: [
    'integration-not-found',
    'integration-not-ready',
    'inputs-refused-by-vendor',
    'credential-refused-by-vendor',
  ],
});

export const pauseIntegration = defineCommand({
  type: 'integration.pause',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Stops the schedule of an integration. An open run continues.',
  input: z.object({ id: z.string() }),
  result: z.object({ integration: integrationRecordSchema }),
  errors: ['integration-not-found', 'integration-not-active'],
});

export const checkCredential = defineCommand({
  type: 'credential.check',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Tries a credential at its vendor under a lease with purpose `check`, reading one page of users at most.',
  input: z.object({
    credential: z.string(),
    /** It is a draft of the vault, with this connector and address. */
    draft: z.object({ connector: z.string(), baseUrl: z.url(), consentUrl: z.url().nullable() }).optional(),
    /** Integration whose load and inputs it is tried with. Without any, the only one that uses the credential. */
    integration: z.string().max(120).optional(),
    /** Load and inputs that no integration has yet. */
    load: z.string().max(60).optional(),
    inputs: settings.inputs.optional(),
  }),
  result: credentialTestSchema,
  errors: [
    'credential-not-found',
    'integration-not-found',
    'credential-not-usable',
    'unknown-connector',
    'unknown-load',
    'invalid-inputs',
  ],
});
