import { z } from 'zod';

import { schemaIds } from './schema-ids.js';

/** What a call does at the vendor. The first four are destructive and go through an intent (architecture 9). */
export const effectSchema = z.enum(['delete', 'disable', 'expire', 'reset', 'unlock', 'create', 'invite', 'read']);
export type Effect = z.infer<typeof effectSchema>;
export const destructiveEffects: readonly Effect[] = ['delete', 'disable', 'expire', 'reset'];

export const outcomeSchema = z.enum(['done', 'already-gone', 'refused', 'unknown']);
export type CallOutcome = z.infer<typeof outcomeSchema>;

/**
 * One rule that reads a vendor's answer. Rules are tried in order, the first that fits decides; none fits = `unknown`.
 * Paths have the form of a mapping: `error.code`, `errors[0].code`. `text` searches the message found at `messagePath` (string, or the first of a list), without regard to case.
 */
export const outcomeRuleSchema = z.object({
  status: z.array(z.number().int()).optional(),
  field: z.object({ path: z.string(), equals: z.array(z.string()) }).optional(),
  text: z.array(z.string()).optional(),
  /** Path that the answer must hold with a value, so that a bare status alone proves nothing. */
  present: z.string().optional(),
  outcome: outcomeSchema,
});
export type OutcomeRule = z.infer<typeof outcomeRuleSchema>;

/** An API preset: the whole request as data (architecture 9). `{{name}}` is a dotted look-up, never code. */
export const presetSchema = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    name: z.string(),
    description: z.string(),
    documentation: z.url(),
    effect: effectSchema,
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    /** Path below the vendor's base URL. */
    path: z.string().startsWith('/'),
    headers: z.record(z.string(), z.string()),
    /** JSON body whose string leaves may hold `{{variables}}`; null = no body. */
    body: z.json().nullable(),
    /** Inputs of the block, each with the template that fills it by default. */
    inputs: z.array(
      z.object({ name: z.string(), label: z.string(), required: z.boolean(), default: z.string().nullable() }),
    ),
    messagePaths: z.array(z.string()),
    rules: z.array(outcomeRuleSchema).min(1),
    /** How a read-back tells that the effect took place: the user is gone, inactive, or a field has a value. */
    confirmedWhen: z.union([
      z.object({ user: z.enum(['gone', 'inactive', 'present']) }),
      z.object({ field: z.string(), equals: z.union([z.string(), z.boolean()]) }),
      z.null(),
    ]),
  })
  .register(schemaIds, { id: 'Preset' });
export type Preset = z.infer<typeof presetSchema>;

/**
 * A preset of the block SaaS User Role Retrieval (R125–R130). It needs no request of its own: the connector's answer to
 * "who is this?" holds status, role and last activity, and tells found, gone and unclear apart.
 */
export const rolePresetSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string(),
  description: z.string(),
  documentation: z.url(),
  /** `default` shows `value` as a default and never as the vendor's word (R129); `vendor` takes what the vendor says. */
  role: z.discriminatedUnion('origin', [
    z.object({ origin: z.literal('vendor'), path: z.string(), fallback: z.string().nullable() }),
    z.object({ origin: z.literal('default'), value: z.string() }),
  ]),
  /** What the list of SaaS users calls the last activity, "Last visit" for example; null where the vendor gives none. */
  lastActivityLabel: z.string().nullable(),
});
export type RolePreset = z.infer<typeof rolePresetSchema>;

export function isDestructive(effect: Effect): boolean {
  return destructiveEffects.includes(effect);
}
