import { z } from 'zod';

import { peopleFieldSchema } from './people-field.js';
import { nameSchema } from './text.js';
import { variableNameSchema, vendorDateFormatSchema } from './values.js';

/** One step between a vendor's value and what is stored, in the order in which they stand. */
export const transformSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('trim') }),
  z.object({ kind: z.literal('lower') }),
  z.object({ kind: z.literal('upper') }),
  /** A date of the vendor as ISO 8601 in UTC; a value that is no date fails. */
  z.object({
    kind: z.literal('date'),
    format: vendorDateFormatSchema,
    /** IANA zone, for forms without an offset. */
    zone: z.string().max(64).optional(),
  }),
  /** A list as one text. */
  z.object({ kind: z.literal('join'), separator: z.string().max(20) }),
  /** One part of a text, counted from 0; from its end when negative. */
  z.object({
    kind: z.literal('split'),
    separator: z.string().min(1).max(20),
    index: z.number().int().min(-100).max(100),
  }),
  /** Other words for the vendor's; `otherwise` says what becomes of words that are not in the table. */
  z.object({
    kind: z.literal('lookup'),
    table: z.record(z.string().max(256), z.string().max(256)),
    otherwise: z.enum(['keep', 'empty', 'fail']),
  }),
]);
export type Transform = z.infer<typeof transformSchema>;

const transforms = z.array(transformSchema).max(10).optional();

/** Text of a JSONata expression over the vendor's record. */
export const expressionTextSchema = z.string().min(1).max(2000);

/**
 * Where a mapped value comes from. `field` is a path into the vendor's record, with dots and brackets:
 * `profile.mail`, `emails[0].value`, `["work-mail"]`; where nothing stands there, what stands at `fallbackPath`. `tracking` are values of the run itself and live in a collection of
 * their own (R77, R78).
 */
export const mappingSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('field'),
    path: z.string().min(1).max(200),
    fallbackPath: z.string().min(1).max(200).optional(),
    transforms,
  }),
  z.object({ kind: z.literal('constant'), value: z.string().max(256) }),
  z.object({ kind: z.literal('expression'), expression: expressionTextSchema, transforms }),
  z.object({ kind: z.literal('tracking'), name: z.enum(['sync-time', 'credential-name']) }),
]);
export type MappingSource = z.infer<typeof mappingSourceSchema>;

export const mappingEntrySchema = z.object({ to: variableNameSchema, from: mappingSourceSchema });
export type MappingEntry = z.infer<typeof mappingEntrySchema>;

/** Which records are written, and what becomes of those who come back (R60, R61). */
export const mappingRulesSchema = z.object({
  /** Only records for which the expression is true are written; the others are seen and counted as skipped. Null: all. */
  onlyIf: z.object({ name: nameSchema(80), expression: expressionTextSchema }).nullable(),
  /** Whoever is active at the vendor again is reactivated. Without it an inactive record stays so until a person acts. */
  restoreArchived: z.boolean(),
});
export type MappingRules = z.infer<typeof mappingRulesSchema>;

export const defaultRules: MappingRules = { onlyIf: null, restoreArchived: true };

/** A value of the vendor that the connector's own list lacks, under a name for people (R76). */
export const customFieldSchema = z.object({
  path: z.string().min(1).max(200),
  label: nameSchema(80),
});
export type CustomField = z.infer<typeof customFieldSchema>;

/** `review`: such a match waits for a person's decision; `match`: it is made. */
const matchRuleSchema = z.enum(['review', 'match']);

/**
 * What becomes of a match by sync key that may join two humans. Accounts that are linked already are not matched again,
 * so nobody who comes back under the same vendor id waits.
 */
export const matchingRulesSchema = z.object({
  /** An active account whose key belongs to somebody who has no active account: an address may have got a new owner. */
  inactivePeople: matchRuleSchema,
  /** An account whose name shares no word with the names of the person that its key belongs to. */
  differentNames: matchRuleSchema,
});
export type MatchingRules = z.infer<typeof matchingRulesSchema>;

export const defaultMatchingRules: MatchingRules = { inactivePeople: 'review', differentNames: 'review' };

/**
 * What a version of a mapping holds. Sync keys are people fields marked unique, in order of priority (R74). The first is
 * kept up to date; the others find people, and give a value only to who has none from elsewhere, unless
 * `updatesSecondaryKeys` says otherwise.
 */
export const mappingDefinitionSchema = z.object({
  entries: z.array(mappingEntrySchema).min(1).max(200),
  syncKeys: z.array(variableNameSchema).min(1).max(5),
  updatesSecondaryKeys: z.boolean().optional(),
  rules: mappingRulesSchema.optional(),
  /** Without it both wait for a decision. */
  matching: matchingRulesSchema.optional(),
  customFields: z.array(customFieldSchema).max(200).optional(),
});
export type MappingDefinition = z.infer<typeof mappingDefinitionSchema>;

/** A connector's default mapping and the people fields it brings along (R67). */
export const defaultMappingSchema = mappingDefinitionSchema.extend({ newFields: z.array(peopleFieldSchema) });
export type DefaultMapping = z.infer<typeof defaultMappingSchema>;

/** What a mapping makes of one real record. Values are masked: letters as x, digits as 9, so that their form is seen. */
export const evaluatedRecordSchema = z.object({
  /** The vendor's id of the user, masked too. */
  id: z.string(),
  /** `skipped`: the rule of the mapping passes it over; `rejected`: a run would not write it. */
  outcome: z.enum(['written', 'skipped', 'rejected']),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Fields that could not be made, with the reason. */
  failures: z.array(z.object({ to: z.string(), message: z.string() })),
});
export type EvaluatedRecord = z.infer<typeof evaluatedRecordSchema>;

export const evaluationSchema = z.object({
  /** When the vendor was asked for these records; null: no run has read any yet. */
  readAt: z.string().nullable(),
  records: z.array(evaluatedRecordSchema),
  /** For how many of the records a field could not be made, with the first reason. */
  errors: z.array(z.object({ to: z.string(), count: z.number().int(), message: z.string() })),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
