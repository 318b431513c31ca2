import { z } from 'zod';

import { isoTimeSchema } from '../domain/values.js';

/** What a sentence is about, and where to read more of it. */
const referenceSchema = z.object({
  kind: z.enum(['account', 'run', 'held-plan', 'people-plan', 'workflow-run']),
  id: z.string(),
});

/**
 * One sentence of an explanation. `event`: what happened; `evidence`: what the run had read; `vendor`: what the vendor
 * said of this account; `rule`: how the guard judged; `mapping`: which version was in force; `decision`: what a person
 * decided; `workflow`: what a workflow did at a vendor afterwards.
 */
export const explanationFactSchema = z.object({
  kind: z.enum(['event', 'evidence', 'vendor', 'rule', 'mapping', 'decision', 'workflow']),
  text: z.string(),
  at: isoTimeSchema.nullable(),
  reference: referenceSchema.nullable(),
});
export type ExplanationFact = z.infer<typeof explanationFactSchema>;

/** Why a person was deactivated last, for somebody who has to answer for it. */
export const explanationSchema = z.object({
  person: z.string(),
  active: z.boolean(),
  /** Two sentences at most: whether they are active, and why not. */
  summary: z.string(),
  /** In the order in which they are understood: the person first, then account by account. */
  facts: z.array(explanationFactSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;
