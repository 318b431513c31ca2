import { z } from 'zod';

import { checkCredential } from '../commands/sync-runner/integration-commands.js';
import { credentialTypeSchema } from '../domain/connector-manifest.js';
import { baseUrlInputSchema, ownUsersSchema } from '../domain/credential.js';
import { nameSchema } from '../domain/text.js';

/** What a client may send back in place of a secret that it never saw: the stored value stays. */
export const secretMask = '[secret]';

/** More fields than any auth scheme has; each costs a sealing. */
const mostFields = 20;

/** One space is a password (R6): values are neither trimmed nor refused for being short. */
const fieldSchema = z.string().min(1).max(8192);

function fieldsOf<Value extends z.ZodType>(value: Value) {
  return z
    .record(z.string().regex(/^[a-z][a-zA-Z0-9]{0,60}$/), value)
    .refine((fields) => Object.keys(fields).length <= mostFields, `a credential has at most ${mostFields} fields`);
}

export const createCredentialBodySchema = z
  .object({
    name: nameSchema(120),
    connector: z.string().min(1).max(60),
    type: credentialTypeSchema,
    /** Left out or empty: the base URL of the connector. With protocol (R11). */
    baseUrl: baseUrlInputSchema.nullable().default(null),
    /** Inputs of the connector's auth scheme in clear text. They are sealed to the vault and never shown again. */
    fields: fieldsOf(fieldSchema),
    /** Vendor users that the key belongs to: see the description of the credential. */
    ownUsers: ownUsersSchema.optional(),
  })
  .meta({
    description:
      'The connector, the way to sign in, and its inputs in clear text, which are encrypted before they are stored.',
    examples: [
      {
        name: 'Main directory',
        connector: 'example-vendor',
        type: 'basic',
        fields: { username: '12345678', password: 'example-hash' },
        ownUsers: [],
      },
    ],
  });
export type CreateCredentialBody = z.infer<typeof createCredentialBodySchema>;

export const updateCredentialBodySchema = z
  .object({
    name: nameSchema(120).optional(),
    baseUrl: baseUrlInputSchema.optional(),
    /**
     * Fields with a new value. One that is left out, or has the value `[secret]`, keeps what is stored; null takes an optional
     * one away.
     */
    fields: fieldsOf(fieldSchema.nullable()).optional(),
    ownUsers: ownUsersSchema.optional(),
  })
  .meta({
    description: 'What is to change. What is left out stays.',
    examples: [{ fields: { password: 'another-example-hash' } }],
  });
export type UpdateCredentialBody = z.infer<typeof updateCredentialBodySchema>;

/** What a credential is tried with: the load and the inputs of an integration, or inputs that no integration has yet. */
export const testCredentialBodySchema = checkCredential.input
  .omit({ credential: true })
  .refine(
    ({ integration, inputs, load }) => integration === undefined || (inputs === undefined && load === undefined),
    'name an integration, or give inputs and load, not both',
  )
  .prefault({})
  .meta({
    description: 'What it is tried with; an empty object where there is nothing to choose.',
    examples: [{ load: 'users', inputs: {} }],
  });
export type TestCredentialBody = z.infer<typeof testCredentialBodySchema>;
