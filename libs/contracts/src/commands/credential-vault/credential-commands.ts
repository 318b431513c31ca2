import { z } from 'zod';

import { credentialTypeSchema } from '../../domain/connector-manifest.js';
import { baseUrlInputSchema, credentialRecordSchema, ownUsersSchema } from '../../domain/credential.js';
import { nameSchema } from '../../domain/text.js';
import { defineCommand, sealedFieldSchema } from '../define-command.js';

const secretsSchema = z.record(z.string(), sealedFieldSchema);

export const createCredential = defineCommand({
  type: 'credential.create',
  owner: 'credential-vault',
  senders: ['gateway'],
  description: 'Stores a credential. Every field of the auth scheme is sealed to the vault.',
  input: z.object({
    id: z.string(),
    name: nameSchema(120),
    connector: z.string(),
    type: credentialTypeSchema,
    /** Null or empty: the base URL of the connector. The vault judges it, because it can say what is wrong (R11). */
    baseUrl: baseUrlInputSchema.nullable(),
    secrets: secretsSchema,
    ownUsers: ownUsersSchema.optional(),
  }),
  result: z.object({ credential: credentialRecordSchema }),
  errors: [
    'unknown-connector',
    'unknown-auth-scheme',
    'missing-secret',
    'unknown-secret',
    'unreadable-secret',
    'host-not-allowed',
    'name-taken',
    'id-taken',
  ],
});

export const updateCredential = defineCommand({
  type: 'credential.update',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Renames a credential, replaces some or all of its fields, or moves it to another host together with all of them.',
  input: z.object({
    id: z.string(),
    ifVersion: z.number().int().nullable(),
    name: nameSchema(120).optional(),
    baseUrl: baseUrlInputSchema.optional(),
    /** Fields with a new value; the others keep what is stored. */
    secrets: secretsSchema.optional(),
    /** Optional fields that are taken away. */
    removed: z.array(z.string().max(60)).max(20).optional(),
    ownUsers: ownUsersSchema.optional(),
  }),
  result: z.object({ credential: credentialRecordSchema }),
  errors: [
    'credential-not-found',
    'version-conflict',
    'host-needs-secret',
    'host-not-allowed',
    'missing-secret',
    'unknown-secret',
    'unreadable-secret',
    'name-taken',
  ],
});

export const deleteCredential = defineCommand({
  type: 'credential.delete',
  owner: 'credential-vault',
  senders: ['gateway'],
  description: 'Deletes a credential that no integration and no active workflow uses, and destroys its secret.',
  input: z.object({ id: z.string() }),
  result: z.object({ id: z.string() }),
  errors: ['credential-not-found', 'credential-in-use'],
});
