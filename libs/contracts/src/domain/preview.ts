import { z } from 'zod';

/** What a run would do to a record. */
export const previewActions = ['create', 'update', 'reactivate', 'deactivate'] as const;
export const previewActionSchema = z.enum(previewActions);
export type PreviewAction = z.infer<typeof previewActionSchema>;

/** Why a run would do it: how the account came to its person, or what takes it away. */
export const previewRuleSchema = z.object({
  code: z.enum(['linked', 'matched', 'no-match', 'undecided', 'seen-again', 'missing', 'inactive', 'follows-account']),
  /** The same as a sentence. */
  text: z.string(),
});
export type PreviewRule = z.infer<typeof previewRuleSchema>;

/** One record that a run would change (E6). People follow from accounts; both are lines of their own. */
export const previewLineSchema = z.object({
  id: z.string(),
  kind: z.enum(['account', 'person']),
  /** Id of the record. One that does not exist yet gets another id when it is made. */
  record: z.string(),
  action: previewActionSchema,
  name: z.string(),
  /** The person of an account; null while nobody has decided whose it is. */
  person: z.string().nullable(),
  /** That person does not exist yet. */
  isNewPerson: z.boolean(),
  rule: previewRuleSchema,
  /** What would change: `values.title` from "Clerk" to "Lead", and where the new value comes from. */
  fields: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown(), source: z.string().nullable() })),
  /** Why a person must look at the record, or null. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type PreviewLine = z.infer<typeof previewLineSchema>;

/** For so long a preview may be applied, in milliseconds (E6). */
export const previewLifeMs = 24 * 60 * 60 * 1000;
