import { z } from 'zod';

import { credentialTypeSchema } from './connector-manifest.js';
import { contactSchema } from './contact.js';
import { schemaIds } from './schema-ids.js';
import { isoTimeSchema } from './values.js';

/** A base URL as a person types it: judged by the vault, not by its form. */
export const baseUrlInputSchema = z.string().max(500);

/**
 * Vendor users that a credential belongs to, by id, user name or e-mail address: no run and no workflow deactivates them,
 * because the credential would end with them. Empty: none of the vendor's users. Null: nobody answered yet.
 */
export const ownUsersSchema = z.array(z.string().trim().min(1).max(256)).max(50).nullable();

/** Published metadata of a credential. The secret fields are only named. */
export const credentialRecordSchema = z
  .object({
    id: z.string(),
    version: z.number().int().positive(),
    name: z.string().min(1).max(120),
    connector: z.string(),
    type: credentialTypeSchema,
    /** Made in Advanced Mode: its fields are those of a type in general, not those of the connector's form. */
    advanced: z.boolean().default(false),
    /** Origin that the secret is bound to (P21): changing it asks for the secret again. */
    baseUrl: z.url(),
    secretFields: z.array(z.string()),
    /** Version of the secret itself; rises with every new value. */
    secretVersion: z.number().int().positive(),
    /**
     * The secret of before, which stays valid here until the vendor accepts the new one for the first time; null when there
     * is none.
     */
    previous: z
      .object({ secretVersion: z.number().int().positive(), secretFields: z.array(z.string()) })
      .nullable()
      .default(null),
    ownUsers: ownUsersSchema.default(null),
    /** Who looks after it, and is told before it ends. */
    owner: contactSchema.nullable().default(null),
    /** When the secret ends at the vendor; null when it does not, or nobody said so. */
    expiresAt: isoTimeSchema.nullable().default(null),
    /** Where an administrator of the vendor grants it its rights; null where the vendor has no such page. */
    consentUrl: z.url().nullable().default(null),
    /** Why the vendor does not accept it (V19); null while it works. A new secret or an accepted use clears it. */
    attention: z.object({ code: z.string(), message: z.string(), at: isoTimeSchema }).nullable(),
    createdAt: isoTimeSchema,
    updatedAt: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Credential' });
export type CredentialRecord = z.infer<typeof credentialRecordSchema>;

/** The steps of a test, in their order: each needs the one before. */
export const credentialTestSteps = ['reach', 'tls', 'sign-in', 'list', 'permissions'] as const;

/** One step of a test; `not-tried` because an earlier one failed, or because the vendor has nothing of the kind. */
export const credentialTestStepSchema = z.object({
  step: z.enum(credentialTestSteps),
  state: z.enum(['passed', 'failed', 'not-tried']),
  message: z.string(),
});
export type CredentialTestStep = z.infer<typeof credentialTestStepSchema>;

/** What a test of a credential came to. */
export const credentialTestSchema = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  message: z.string(),
  steps: z.array(credentialTestStepSchema).default([]),
  /** Where an administrator of the vendor grants the rights, when one is missing. */
  consentUrl: z.url().nullable().default(null),
});
export type CredentialTest = z.infer<typeof credentialTestSchema>;

/** Why a lease is asked for; written to the use log before the secret leaves (P25). */
export const leasePurposeSchema = z.object({
  kind: z.enum(['run', 'intent', 'workflow', 'check']),
  reference: z.string(),
});
export type LeasePurpose = z.infer<typeof leasePurposeSchema>;

/**
 * What is sealed to the holder of a lease. `fields` follow the `inputs` of the connector's auth scheme; for OAuth they
 * hold the access token and nothing of the client (architecture 8).
 */
export const leaseMaterialSchema = z.object({
  credential: z.string(),
  secretVersion: z.number().int(),
  /** Number of the OAuth token, null for secrets that are no tokens (G4). */
  tokenVersion: z.number().int().nullable(),
  connector: z.string(),
  type: credentialTypeSchema,
  advanced: z.boolean().optional(),
  baseUrl: z.url(),
  fields: z.record(z.string(), z.string()),
});
export type LeaseMaterial = z.infer<typeof leaseMaterialSchema>;
