import { z } from 'zod';

import { mailAddressSchema } from '../domain/mail-address.js';
import { nameSchema } from '../domain/text.js';
import { isoTimeSchema } from '../domain/values.js';
import { grantSchema, operatorRoles, scopeSchema } from './access.js';
import { listQuerySchema } from './page.js';

export const operatorStates = ['invited', 'active', 'disabled'] as const;
export const operatorStateSchema = z.enum(operatorStates);
export type OperatorState = z.infer<typeof operatorStateSchema>;

/** Somebody who uses Rollcall. */
export const operatorSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  /** `invited`: has not signed in yet. `disabled`: cannot sign in, and all sessions and keys of theirs are of no use. */
  state: operatorStateSchema,
  grants: z.array(grantSchema),
  /** Whether there is a password; without one they sign in through the identity provider. */
  hasPassword: z.boolean(),
  /** Whether their roles come from the groups of the identity provider, at each sign-in. */
  rolesFromProvider: z.boolean(),
  createdAt: isoTimeSchema,
  lastSignInAt: isoTimeSchema.nullable(),
  version: z.number().int(),
});
export type Operator = z.infer<typeof operatorSchema>;

const grantsSchema = z
  .array(grantSchema)
  .min(1)
  .max(operatorRoles.length * 4);

export const createOperatorBodySchema = z
  .object({ email: mailAddressSchema, name: nameSchema(120), grants: grantsSchema })
  .meta({
    description: 'Who is invited, and what they may do.',
    examples: [{ email: 'iris@example.com', name: 'Iris Operator', grants: [{ role: 'operator', limit: null }] }],
  });
export type CreateOperatorBody = z.infer<typeof createOperatorBodySchema>;

export const updateOperatorBodySchema = z
  .object({
    name: nameSchema(120).optional(),
    grants: grantsSchema.optional(),
    /** `disabled` ends all sessions of theirs; `active` lets them in again. */
    state: z.enum(['active', 'disabled']).optional(),
  })
  .meta({ description: 'What is to change. What is left out stays.', examples: [{ state: 'disabled' }] });
export type UpdateOperatorBody = z.infer<typeof updateOperatorBodySchema>;

/** A link that works once. Whoever has it sets a password and is signed in, so it is shown once and never stored. */
export const operatorLinkSchema = z.object({
  token: z.string(),
  /** Where it leads: at the public address of this installation, else below the address of the gateway. */
  url: z.string(),
  expiresAt: isoTimeSchema,
});
export type OperatorLink = z.infer<typeof operatorLinkSchema>;

export const invitedOperatorSchema = operatorSchema.extend({
  /** Null when it was mailed to them: then nobody else has it. */
  link: operatorLinkSchema.nullable(),
});
export type InvitedOperator = z.infer<typeof invitedOperatorSchema>;

export const operatorListQuerySchema = listQuerySchema.extend({
  state: operatorStateSchema.optional().meta({ description: 'Only operators in this state.', examples: ['active'] }),
});
export type OperatorListQuery = z.infer<typeof operatorListQuerySchema>;

/** At most what argon2 takes without effort; spaces and everything else is kept as it is. */
const longestPassword = 256;
export const shortestPassword = 12;

const newPasswordSchema = z
  .string()
  .min(shortestPassword, `a password has at least ${shortestPassword} characters`)
  .max(longestPassword);

export const redeemLinkBodySchema = z
  .object({
    token: z.string().min(1).max(200),
    password: newPasswordSchema,
    /** Only for the link of the first administrator, who is not known yet. */
    email: mailAddressSchema.optional(),
    name: nameSchema(120).optional(),
  })
  .meta({
    description: 'The token of a link that works once, and the password that is chosen.',
    examples: [{ token: 'example-token', password: 'example password with many words' }],
  });
export type RedeemLinkBody = z.infer<typeof redeemLinkBodySchema>;

export const signInBodySchema = z
  .object({ email: z.string().min(1).max(254), password: z.string().min(1).max(longestPassword) })
  .meta({
    description: 'Who signs in.',
    examples: [{ email: 'iris@example.com', password: 'example password with many words' }],
  });
export type SignInBody = z.infer<typeof signInBodySchema>;

export const requestLinkBodySchema = z
  .object({ email: z.string().min(1).max(254) })
  .meta({ description: 'Whose password is forgotten.', examples: [{ email: 'iris@example.com' }] });
export type RequestLinkBody = z.infer<typeof requestLinkBodySchema>;

export const changePasswordBodySchema = z
  .object({ current: z.string().min(1).max(longestPassword), password: newPasswordSchema })
  .meta({
    description: 'The password of now, and the one from now on.',
    examples: [{ current: 'example password of now', password: 'example password from now on' }],
  });
export type ChangePasswordBody = z.infer<typeof changePasswordBodySchema>;

/** Who asks, and what they may do. */
export const sessionSchema = z.object({
  /** `operator:<id>` or `api-key:<id>`. */
  actor: z.string(),
  /** Null for an API key. */
  operator: operatorSchema.pick({ id: true, email: true, name: true, grants: true }).nullable(),
  /** What is open everywhere. */
  scopes: z.array(scopeSchema),
  /** What the session is to send as `X-CSRF-Token` with every write. Null for an API key, which needs none. */
  csrfToken: z.string().nullable(),
  /** When the session has to be refreshed. Null for an API key. */
  expiresAt: isoTimeSchema.nullable(),
});
export type SessionView = z.infer<typeof sessionSchema>;

export const signInMethodsSchema = z.object({
  password: z.boolean(),
  /** Whether somebody who forgot their password can ask for a link by mail: `POST /session/password-link`. */
  passwordLink: z.boolean(),
  /** Where a browser is sent to sign in at the identity provider; null when none is configured. */
  singleSignOn: z.object({ name: z.string(), url: z.string() }).nullable(),
});

const answerOf = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .meta({ description, examples: [example] });

/** What an identity provider sends back through the browser (RFC 6749 4.1.2, RFC 9207). Providers add names of their own. */
export const singleSignOnAnswerSchema = z.looseObject({
  code: answerOf('What the gateway exchanges for the identity, once.', 'example-code'),
  state: answerOf('What this browser took along when it was sent away.', 'example-state'),
  iss: answerOf('Who answers.', 'https://login.example.com'),
  error: answerOf('Why nobody was signed in.', 'access_denied'),
  error_description: answerOf('The same in words.', 'The user cancelled.'),
});
