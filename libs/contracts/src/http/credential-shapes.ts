import { z } from 'zod';

import { checkCredential } from '../commands/sync-runner/integration-commands.js';
import { credentialTypeSchema } from '../domain/connector-manifest.js';
import { contactBodySchema } from '../domain/contact.js';
import { baseUrlInputSchema, ownUsersSchema } from '../domain/credential.js';
import { integrationStateSchema } from '../domain/integration.js';
import { nameSchema } from '../domain/text.js';
import { isoTimeSchema } from '../domain/values.js';
import { workflowStateSchema } from '../domain/workflow.js';

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

/** Who looks after a credential, and when it ends at the vendor. */
const careShape = {
  /** Is told before it ends, beside the contacts of its integrations. Left out by whoever is signed in: they themselves. */
  owner: contactBodySchema.nullable().optional(),
  expiresAt: isoTimeSchema.nullable().optional(),
};

/** What a credential is, without what people call it. */
const signInShape = {
  connector: z.string().min(1).max(60),
  type: credentialTypeSchema,
  /** Advanced Mode: the type with its fields in general (`GET /catalog/credential-types`), not the form of the connector. */
  advanced: z.boolean().default(false),
};

export const createCredentialBodySchema = z
  .object({
    name: nameSchema(120),
    ...signInShape,
    /** Left out or empty: the base URL of the connector. With protocol (R11). */
    baseUrl: baseUrlInputSchema.nullable().default(null),
    /** Inputs of the connector's auth scheme in clear text. They are sealed to the vault and never shown again. */
    fields: fieldsOf(fieldSchema),
    /** Vendor users that the key belongs to: see the description of the credential. */
    ownUsers: ownUsersSchema.optional(),
    ...careShape,
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
    ...careShape,
    /** False: the secret of before ends at once, whether or not the vendor has accepted the new one. */
    keepPrevious: z.boolean().optional(),
  })
  .meta({
    description: 'What is to change. What is left out stays.',
    examples: [{ fields: { password: 'another-example-hash' } }],
  });
export type UpdateCredentialBody = z.infer<typeof updateCredentialBodySchema>;

/** What a credential is tried with: the load and the inputs of an integration, or inputs that no integration has yet. */
export const testCredentialBodySchema = checkCredential.input
  .omit({ credential: true, draft: true })
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

/** A credential that is tried before it is stored, and what it is tried with. */
export const testDraftBodySchema = z
  .object({
    ...signInShape,
    baseUrl: baseUrlInputSchema.nullable().default(null),
    fields: fieldsOf(fieldSchema),
    /** Integration whose load and inputs it is tried with, in place of `load` and `inputs`. */
    integration: checkCredential.input.shape.integration,
    load: checkCredential.input.shape.load,
    inputs: checkCredential.input.shape.inputs,
  })
  .refine(
    ({ integration, inputs, load }) => integration === undefined || (inputs === undefined && load === undefined),
    'name an integration, or give inputs and load, not both',
  )
  .meta({
    description: 'What a new credential would be, in clear text, which is encrypted and forgotten after ten minutes.',
    examples: [
      { connector: 'example-vendor', type: 'basic', fields: { username: '12345678', password: 'example-hash' } },
    ],
  });
export type TestDraftBody = z.infer<typeof testDraftBodySchema>;

/** What stops working without a credential. */
export const credentialUsesSchema = z.object({
  integrations: z.array(z.object({ id: z.string(), name: z.string(), state: integrationStateSchema })),
  workflows: z.array(z.object({ id: z.string(), name: z.string(), state: workflowStateSchema })),
});

export const authorizationSchema = z.object({
  /** Where somebody who may consent at the vendor goes with a browser. */
  url: z.url(),
  expiresAt: isoTimeSchema,
});

/** What the vendor gave the browser that comes back from there. */
export const endConsentBodySchema = z
  .object({
    state: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'it is no state of a consent that was begun here'),
    code: z.string().min(1).max(4096).optional(),
    /** The vendor's words in place of a code. */
    error: z.string().max(300).optional(),
  })
  .refine(({ code, error }) => (code === undefined) !== (error === undefined), 'give either code or error')
  .meta({
    description: 'Parameters of the address that the vendor sent the browser back to.',
    examples: [{ state: 'example-state-of-the-beginning-012345678901', code: 'example-code' }],
  });
export type EndConsentBody = z.infer<typeof endConsentBodySchema>;
