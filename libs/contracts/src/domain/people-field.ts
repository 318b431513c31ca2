import { z } from 'zod';

import { nameSchema } from './text.js';
import { variableNameSchema } from './values.js';

export const fieldTypeSchema = z.enum(['short-text', 'long-text', 'email', 'number', 'boolean', 'date-time']);
export type FieldType = z.infer<typeof fieldTypeSchema>;

/** Definition of an attribute of people (R66–R69). */
export const peopleFieldSchema = z.object({
  variable: variableNameSchema,
  label: nameSchema(80),
  type: fieldTypeSchema,
  unique: z.boolean(),
  required: z.boolean(),
  /**
   * Of a unique field: whether two values that differ only in case are two values. Chosen when the field is made, and
   * false unless it is said; ids of vendors need it, addresses never have it.
   */
  caseSensitive: z.boolean().optional(),
  /**
   * Whether lists of any size can be filtered and sorted by it. That takes an index, which costs something with every person
   * who is written. Email, display name, department and role have one always.
   */
  filterable: z.boolean().optional(),
});
export type PeopleField = z.infer<typeof peopleFieldSchema>;

/** Longest text per type, in characters; longer vendor text is a record error, never cut. */
export const textLimits: Readonly<Record<'short-text' | 'long-text' | 'email', number>> = {
  'short-text': 256,
  'long-text': 1024,
  email: 256,
};

/** Fields that every installation has. Email is the default sync key (R74). */
export const builtInFields: readonly PeopleField[] = [
  { variable: 'username', label: 'Username', type: 'short-text', unique: false, required: true },
  { variable: 'email', label: 'Email', type: 'short-text', unique: true, required: true },
  { variable: 'role', label: 'Role', type: 'short-text', unique: false, required: true },
  { variable: 'display_name', label: 'Display name', type: 'short-text', unique: false, required: false },
  { variable: 'first_name', label: 'First name', type: 'short-text', unique: false, required: false },
  { variable: 'last_name', label: 'Last name', type: 'short-text', unique: false, required: false },
  { variable: 'job_title', label: 'Job title', type: 'short-text', unique: false, required: false },
  { variable: 'department', label: 'Department', type: 'short-text', unique: false, required: false },
];

/** Whether the values of a field are e-mail addresses. The built-in one is text for whoever only shows it. */
export function isEmailField({ variable, type }: Pick<PeopleField, 'variable' | 'type'>): boolean {
  return type === 'email' || variable === 'email';
}
