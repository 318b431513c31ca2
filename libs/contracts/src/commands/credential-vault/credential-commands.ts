import { z } from 'zod';

import { credentialTypeSchema } from '../../domain/connector-manifest.js';
import { newContactSchema } from '../../domain/contact.js';
import { baseUrlInputSchema, credentialRecordSchema, ownUsersSchema } from '../../domain/credential.js';
import { nameSchema } from '../../domain/text.js';
import { isoTimeSchema } from '../../domain/values.js';
import { defineCommand, sealedFieldSchema } from '../define-command.js';

const secretsSchema = z.record(z.string(), sealedFieldSchema);

/** Who looks after a credential and when it ends; see the description of the record. */
const careSchema = z.object({
  owner: newContactSchema.nullable().optional(),
  expiresAt: isoTimeSchema.nullable().optional(),
});

/** What can be wrong with a credential that is made, or tried before that. */
const faultsOfNew = [
  'unknown-connector',
  'unknown-auth-scheme',
  'missing-secret',
  'unknown-secret',
  'invalid-secret',
  'unreadable-secret',
  'host-not-allowed',
  'id-taken',
] as const;

export const createCredential = defineCommand({
  type: 'credential.create',
  owner: 'credential-vault',
  senders: ['gateway'],
  description: 'Stores a credential. Every field of the auth scheme is sealed to the vault.',
  input: careSchema.extend({
    id: z.string(),
    name: nameSchema(120),
    connector: z.string(),
    type: credentialTypeSchema,
    advanced: z.boolean().optional(),
    /** Null or empty: the base URL of the connector. The vault judges it, because it can say what is wrong (R11). */
    baseUrl: baseUrlInputSchema.nullable(),
    secrets: secretsSchema,
    ownUsers: ownUsersSchema.optional(),
  }),
  result: z.object({ credential: credentialRecordSchema }),
  errors: [...faultsOfNew, 'name-taken'],
});

export const draftCredential = defineCommand({
  type: 'credential.draft',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Keeps a credential for ten minutes, to be tried before it is stored. Only leases with purpose `check` are given of it.',
  input: z.object({
    id: z.string(),
    connector: z.string(),
    type: credentialTypeSchema,
    advanced: z.boolean(),
    baseUrl: baseUrlInputSchema.nullable(),
    secrets: secretsSchema,
  }),
  result: z.object({ draft: credentialRecordSchema }),
  errors: faultsOfNew,
});

export const beginAuthorization = defineCommand({
  type: 'credential.begin-authorization',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Begins a sign-in at the vendor by authorization code (RFC 6749 4.1 with PKCE). The answer holds the address at which somebody consents.',
  input: z.object({ id: z.string(), redirectUri: z.url().max(500) }),
  result: z.object({ url: z.url(), expiresAt: isoTimeSchema }),
  errors: ['credential-not-found', 'no-authorization-code', 'unreadable-secret', 'host-not-allowed'],
});

export const endAuthorization = defineCommand({
  type: 'credential.end-authorization',
  owner: 'credential-vault',
  senders: ['gateway'],
  description: 'Exchanges the code that the vendor gave after somebody consented. Each beginning is ended once.',
  input: z.object({
    /** SHA-256 of the state that the vendor sent back, hex. */
    state: z.string().length(64),
    /** The code, sealed as field `code`. Null: the vendor says that nobody consented. */
    code: sealedFieldSchema.nullable(),
    /** The vendor's words in place of a code. */
    refusal: z.string().max(300).nullable(),
  }),
  result: z.object({ credential: credentialRecordSchema }),
  errors: [
    'authorization-unknown',
    'authorization-refused',
    'no-authorization-code',
    'host-not-allowed',
    'unreadable-secret',
    'token-unavailable',
  ],
});

export const updateCredential = defineCommand({
  type: 'credential.update',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Renames a credential, replaces some or all of its fields, or moves it to another host together with all of them.',
  input: careSchema.extend({
    id: z.string(),
    ifVersion: z.number().int().nullable(),
    name: nameSchema(120).optional(),
    baseUrl: baseUrlInputSchema.optional(),
    /** Fields with a new value; the others keep what is stored. */
    secrets: secretsSchema.optional(),
    /** Optional fields that are taken away. */
    removed: z.array(z.string().max(60)).max(20).optional(),
    /** False: the secret of before ends now, because somebody else may know it. */
    keepPrevious: z.boolean().optional(),
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
    'invalid-secret',
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
