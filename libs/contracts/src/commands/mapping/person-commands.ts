import { z } from 'zod';

import { valueSchema, variableNameSchema } from '../../domain/values.js';
import { defineCommand } from '../define-command.js';

const changedPerson = z.object({ person: z.string(), revision: z.number().int() });

export const overridePerson = defineCommand({
  type: 'person.override',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Sets values of a person by hand, which override those of vendors, or returns fields to the vendors. Each value records who set it and when.',
  input: z.object({
    person: z.string(),
    /** Variable name of a people field → value; null: no value, whatever vendors say. */
    set: z.record(variableNameSchema, valueSchema),
    clear: z.array(variableNameSchema).max(200),
  }),
  result: changedPerson,
  errors: ['person-not-found', 'person-merged', 'person-erased', 'unknown-field', 'value-not-allowed', 'key-taken'],
});

export const holdPerson = defineCommand({
  type: 'person.hold',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Holds a person active or inactive whatever their accounts say, or lifts the hold.',
  input: z.object({
    person: z.string(),
    hold: z.boolean(),
    /** State to hold; null = as it is. */
    active: z.boolean().nullable(),
    reason: z.string().max(500),
  }),
  result: changedPerson.extend({ active: z.boolean() }),
  errors: ['person-not-found', 'person-merged', 'person-erased'],
});

export const mergePeople = defineCommand({
  type: 'person.merge',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Merges two people: the accounts of `merged` move to `keep`, which also takes the overrides that it lacks. `merged` stays, with `mergedInto`.',
  input: z.object({ keep: z.string(), merged: z.string() }),
  result: changedPerson.extend({ accounts: z.number().int() }),
  errors: ['person-not-found', 'person-merged', 'person-erased', 'same-person', 'too-many-accounts'],
});

export const linkAccount = defineCommand({
  type: 'account.link',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Decides whose account it is: answers a waiting match, or moves an account to another person. The link then stays, whatever happens to the e-mail address.',
  input: z.object({
    account: z.string(),
    /** Null: a new person. */
    person: z.string().nullable(),
  }),
  result: z.object({ account: z.string(), person: z.string(), revision: z.number().int() }),
  errors: ['account-not-found', 'person-not-found', 'person-merged', 'person-erased', 'last-account'],
});

/** Which integration is believed first for single attributes; what is not named follows the priority (D2). */
export const sourcesOfTruthSchema = z.record(variableNameSchema, z.array(z.string()).min(1).max(50));
export type SourcesOfTruth = z.infer<typeof sourcesOfTruthSchema>;

export const setSourcesOfTruth = defineCommand({
  type: 'fold.set-sources',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Sets the order of sources for single attributes of people. A refold applies it to everybody.',
  input: z.object({ ifVersion: z.number().int().nullable(), sources: sourcesOfTruthSchema }),
  result: z.object({ version: z.number().int(), sources: sourcesOfTruthSchema }),
  errors: ['version-conflict', 'unknown-field', 'integration-not-found'],
});
