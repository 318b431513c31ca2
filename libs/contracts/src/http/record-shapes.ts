import { z } from 'zod';

import { erasePerson } from '../commands/mapping/erase-person.js';
import { overridePerson, setSourcesOfTruth } from '../commands/mapping/person-commands.js';
import { causeSchema } from '../domain/cause.js';
import { accountRecordSchema, personRecordSchema } from '../domain/records.js';
import { schemaIds } from '../domain/schema-ids.js';
import { nameSchema } from '../domain/text.js';
import { isoTimeSchema, roleSchema } from '../domain/values.js';
import { listQuerySchema, ofIntegrationSchema, recordListQuery, searchableListQuery } from './page.js';

export const peopleListQuerySchema = recordListQuery({
  filter: 'active eq false and activeAccounts gt 0',
  sort: '-deactivatedAt',
  fields: 'values.display_name,activeAccounts',
});
export type PeopleListQuery = z.infer<typeof peopleListQuerySchema>;

/** An account with what the last run noted beside it (D8). */
export const accountViewSchema = accountRecordSchema
  .extend({
    tracking: z.object({ run: z.string(), syncTime: z.string(), credentialName: z.string() }).nullable(),
    changed: z.object({ time: isoTimeSchema, cause: causeSchema }).optional(),
    /** It is active, and its vendor, which tells activity, has told none. */
    neverUsed: z.literal(true).optional(),
  })
  .register(schemaIds, { id: 'AccountView' });
/** When and why a record changed last. Its history says what. */
const lastChangeSchema = z.object({ time: isoTimeSchema, cause: causeSchema });

/** A person with what is known of their accounts; left out where a person is shown as they were. */
export const personViewSchema = personRecordSchema.extend({
  /** Accounts that are active, those that add nothing to the person too. */
  activeAccounts: z.number().int().nonnegative().optional(),
  /** Integrations at which the person has an account and none that is active. */
  inactiveAt: z.array(z.string()).optional(),
  /** Newest last activity of all accounts. */
  lastActivityAt: isoTimeSchema.optional(),
  changed: lastChangeSchema.optional(),
});

export const accountListQuerySchema = recordListQuery({
  filter: 'person eq null and active eq true',
  sort: 'lastActivityAt',
  fields: 'username,app,lastActivityAt',
});
export type AccountListQuery = z.infer<typeof accountListQuerySchema>;

/** An entry of Software > SaaS. Numbers are counted when asked. */
export const saasAppSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    category: z.string(),
    /** Connector of the application of the catalogue that the entry is linked to; null: not linked yet (R31). */
    connector: z.string().nullable(),
    linkedBy: z.enum(['auto', 'person']),
    createdAt: isoTimeSchema,
    users: z.object({ active: z.number().int(), deactivated: z.number().int() }),
  })
  .register(schemaIds, { id: 'SaasApp' });

export const createSaasAppBodySchema = z
  .object({
    name: z.string().trim().pipe(nameSchema(120)),
    category: z.string().trim().pipe(nameSchema(80)).default('Other'),
  })
  .meta({ description: 'Name and category of the entry.', examples: [{ name: 'Travel booking', category: 'Travel' }] });
export type CreateSaasAppBody = z.infer<typeof createSaasAppBodySchema>;

/** Id of an application of the catalogue: `app.catalogueId` of a connector. */
export const linkSaasAppBodySchema = z.object({ catalogueId: z.string().min(1).max(120) }).meta({
  description: 'The application of the catalogue: `app.catalogueId` of a connector.',
  examples: [{ catalogueId: 'example-vendor' }],
});
export type LinkSaasAppBody = z.infer<typeof linkSaasAppBodySchema>;

export const saasUserListQuerySchema = recordListQuery({
  filter: 'role eq "Admin" and lastActivityAt lt "2026-09-01"',
  sort: '-lastActivityAt',
  fields: 'userName,role,lastActivityAt',
}).extend({
  status: z
    .enum(['active', 'deactivated'])
    .optional()
    .meta({ description: 'Only users with this status.', examples: ['active'] }),
  noActivityForDays: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .meta({
      description:
        'Only users whose last activity lies that many days back, and those who never were active though they are known for that long. Where the vendor tells no activity nobody is listed: unknown is not idle.',
      examples: [90],
    }),
});
export type SaasUserListQuery = z.infer<typeof saasUserListQuerySchema>;

/** A row of the Users tab (R90, R91). Empty where the vendor gives nothing. */
export const saasUserSchema = z
  .object({
    /** Account id. */
    id: z.string(),
    integration: z.string(),
    vendorId: z.string(),
    userName: z.string(),
    role: roleSchema.nullable(),
    lastActivityAt: isoTimeSchema.nullable(),
    /** `never`: the vendor tells activity, and has none of this user. `not-told`: the vendor tells none of anybody. */
    activity: z.enum(['known', 'never', 'not-told']),
    /** When this user was seen first. */
    firstSeenAt: isoTimeSchema,
    status: z.enum(['active', 'deactivated']),
    person: z.string().nullable(),
    protected: z.boolean(),
    held: z.boolean(),
  })
  .register(schemaIds, { id: 'SaasUser' });

export const atQuerySchema = z.object({
  at: isoTimeSchema
    .optional()
    .meta({ description: 'The record as it stood at this moment; left out: now.', examples: ['2026-11-05T08:00:00Z'] }),
});
export type AtQuery = z.infer<typeof atQuerySchema>;

export const overridesBodySchema = overridePerson.input
  .omit({ person: true })
  .partial()
  .prefault({})
  .meta({
    description: 'Values to set by hand, and fields to give back to the vendors.',
    examples: [{ set: { job_title: 'Head of design' }, clear: ['department'] }],
  });
export type OverridesBody = z.infer<typeof overridesBodySchema>;

export const erasureBodySchema = erasePerson.input.omit({ person: true }).meta({
  description: 'Why the person is erased. The reason is kept, so leave their name out of it.',
  examples: [{ reason: 'Request of 5 November 2026, ticket 4711' }],
});
export type ErasureBody = z.infer<typeof erasureBodySchema>;

export const erasureListQuerySchema = searchableListQuery({ filter: 'state eq "open"', sort: '-at' });
export type ErasureListQuery = z.infer<typeof erasureListQuerySchema>;

export const mergeBodySchema = z
  .object({
    /** The person who goes on in the one of the address. */
    merged: z.string().min(1).max(120),
  })
  .meta({
    description: 'The person who goes on in the one of the address.',
    examples: [{ merged: '01a22a8e-9e46-7212-9767-939f5c76033b' }],
  });
export type MergeBody = z.infer<typeof mergeBodySchema>;

export const linkBodySchema = z
  .object({
    /** Null: a new person. */
    person: z.string().min(1).max(120).nullable(),
  })
  .meta({
    description: 'The person whose account it is; null for a new one.',
    examples: [{ person: '01a22a8e-9e46-7212-9767-939f5c76033b' }],
  });
export type LinkBody = z.infer<typeof linkBodySchema>;

/** Why an account waits for a decision, as its `error.code` says it. */
export const waitingCodes = [
  'several-matches',
  'second-account',
  'shared-key',
  'left-person',
  'different-names',
] as const;
/** Why somebody should look at an account. */
export const matchingReviewKinds = [...waitingCodes, 'inactive-person'] as const;
export const matchingReviewQuerySchema = listQuerySchema.extend({
  kind: z
    .enum(matchingReviewKinds)
    .optional()
    .meta({ description: 'Only accounts that wait for this reason.', examples: ['several-matches'] }),
  integration: ofIntegrationSchema,
});
export type MatchingReviewQuery = z.infer<typeof matchingReviewQuerySchema>;
export const matchingReviewSchema = z.object({
  kind: z.enum(matchingReviewKinds),
  message: z.string(),
  account: accountRecordSchema,
  /** People to choose from; for `inactive-person` the one whose account it is. */
  candidates: z.array(personRecordSchema),
});

export const sourcesOfTruthViewSchema = setSourcesOfTruth.result;

export const protectionBodySchema = z
  .object({ protected: z.boolean() })
  .meta({ description: 'Whether it is protected from deactivation.', examples: [{ protected: true }] });
export type ProtectionBody = z.infer<typeof protectionBodySchema>;

export const holdBodySchema = z
  .object({
    hold: z.boolean(),
    /** State to hold; null or left out = as it is. */
    active: z.boolean().nullable().default(null),
    reason: z.string().max(500).default(''),
  })
  .meta({
    description: 'Whether the state is held, which one, and why.',
    examples: [{ hold: true, active: true, reason: 'On leave until June' }],
  });
export type HoldBody = z.infer<typeof holdBodySchema>;
