import { z } from 'zod';

import { accountRecordSchema, personRecordSchema } from '../domain/records.js';
import { isoTimeSchema, roleSchema } from '../domain/values.js';
import { listQuerySchema, searchableListQuerySchema } from './page.js';

export const peopleListQuerySchema = searchableListQuerySchema.extend({
  /** Text that name, user name or e-mail contains, whatever its case. */
  q: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}]+$/u, 'q is text without control characters')
    .optional(),
});
export type PeopleListQuery = z.infer<typeof peopleListQuerySchema>;

/** An account with what the last run noted beside it (D8). */
export const accountViewSchema = accountRecordSchema.extend({
  tracking: z.object({ run: z.string(), syncTime: z.string(), credentialName: z.string() }).nullable(),
});
export const personViewSchema = personRecordSchema;

/** An entry of Software > SaaS. Numbers are counted when asked. */
export const saasAppSchema = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  connector: z.string(),
  linkedBy: z.enum(['auto', 'person']),
  createdAt: isoTimeSchema,
  users: z.object({ active: z.number().int(), deactivated: z.number().int() }),
});

export const saasUserListQuerySchema = listQuerySchema.extend({
  status: z.enum(['active', 'deactivated']).optional(),
  /**
   * Only users whose last activity is known and lies at least so many days back (R32). A user whose vendor tells no
   * activity is not in this list: unknown is not idle.
   */
  noActivityForDays: z.coerce.number().int().min(1).max(3650).optional(),
});
export type SaasUserListQuery = z.infer<typeof saasUserListQuerySchema>;

/** A row of the Users tab (R90, R91). Empty where the vendor gives nothing. */
export const saasUserSchema = z.object({
  /** Account id. */
  id: z.string(),
  integration: z.string(),
  vendorId: z.string(),
  userName: z.string(),
  role: roleSchema.nullable(),
  lastActivityAt: isoTimeSchema.nullable(),
  status: z.enum(['active', 'deactivated']),
  person: z.string().nullable(),
  protected: z.boolean(),
  held: z.boolean(),
});

export const protectionBodySchema = z.object({ protected: z.boolean() });
export type ProtectionBody = z.infer<typeof protectionBodySchema>;

export const holdBodySchema = z.object({
  hold: z.boolean(),
  /** State to hold; null or left out = as it is. */
  active: z.boolean().nullable().default(null),
  reason: z.string().max(500).default(''),
});
export type HoldBody = z.infer<typeof holdBodySchema>;
