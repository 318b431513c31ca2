import { z } from 'zod';

import { credentialTypeSchema } from '../domain/connector-manifest.js';
import { baseUrlInputSchema } from '../domain/credential.js';
import { nameSchema } from '../domain/text.js';

/** What a client may send back in place of a secret that it never saw: the stored value stays. */
export const secretMask = '[secret]';

/** More fields than any auth scheme has; each costs a sealing. */
const mostFields = 20;

/** One space is a password (R6): values are neither trimmed nor refused for being short. */
const fieldsSchema = z
  .record(z.string().regex(/^[a-z][a-zA-Z0-9]{0,60}$/), z.string().min(1).max(8192))
  .refine((fields) => Object.keys(fields).length <= mostFields, `a credential has at most ${mostFields} fields`);

export const createCredentialBodySchema = z.object({
  name: nameSchema(120),
  connector: z.string().min(1).max(60),
  type: credentialTypeSchema,
  /** Left out or empty: the base URL of the connector. With protocol (R11). */
  baseUrl: baseUrlInputSchema.nullable().default(null),
  /** Inputs of the connector's auth scheme in clear text. They are sealed to the vault and never shown again. */
  fields: fieldsSchema,
});
export type CreateCredentialBody = z.infer<typeof createCredentialBodySchema>;

export const updateCredentialBodySchema = z.object({
  name: nameSchema(120).optional(),
  baseUrl: baseUrlInputSchema.optional(),
  /** A field with the value `[secret]` keeps what is stored. */
  fields: fieldsSchema.optional(),
});
export type UpdateCredentialBody = z.infer<typeof updateCredentialBodySchema>;
