import { z } from 'zod';

import { schemaIds } from '../domain/schema-ids.js';
import { nameSchema } from '../domain/text.js';
import { isoTimeSchema } from '../domain/values.js';
import { checksumOf } from './checksum.js';

/**
 * What a key may do. `read` sees everything that is published, `write` changes all but credentials, `credentials`
 * manages secrets, `approve` decides on held deactivations, `admin` manages keys and the installation. No scope includes another one.
 */
export const scopes = ['read', 'write', 'credentials', 'approve', 'admin'] as const;
export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

/** What operators are here for. A role opens scopes; whoever needs more has several roles. */
export const operatorRoles = ['viewer', 'operator', 'credential-admin', 'approver', 'admin'] as const;
export const operatorRoleSchema = z.enum(operatorRoles);
export type OperatorRole = z.infer<typeof operatorRoleSchema>;

export const scopesOfRole: Readonly<Record<OperatorRole, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'write'],
  'credential-admin': ['read', 'credentials'],
  approver: ['read', 'approve'],
  admin: scopes,
};

const mostIds = 200;
const idsSchema = z.array(z.string().min(1).max(120)).max(mostIds);

/**
 * The part of the installation that something is limited to: these integrations with their runs, plans, previews and
 * accounts, and these apps with their users. What belongs to no integration and no app is outside of every limit.
 */
export const limitSchema = z.object({
  /** Ids of integrations. */
  integrations: idsSchema.default([]),
  /** Ids of apps. */
  apps: idsSchema.default([]),
});
export type Limit = z.infer<typeof limitSchema>;

/** A role of an operator, everywhere or within a limit. */
export const grantSchema = z.object({ role: operatorRoleSchema, limit: limitSchema.nullable().default(null) });
export type Grant = z.infer<typeof grantSchema>;

/** An API key as it can be seen after its creation: without the key. */
export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /**
     * The person whose key it is: `operator:<id>`, or a name. Keys with the same owner (upper or lower case is the same)
     * count as one person where somebody else has to approve, and an operator counts as one person with their keys.
     * Null: made before keys had owners, or the first key; such a key counts for itself.
     */
    owner: z.string().nullable(),
    scopes: z.array(scopeSchema),
    /** What the key is limited to; null: the whole installation. */
    limit: limitSchema.nullable(),
    createdAt: isoTimeSchema,
    expiresAt: isoTimeSchema.nullable(),
    /** To the minute; null: never used, or not since keys remember it. */
    lastUsedAt: isoTimeSchema.nullable(),
    revokedAt: isoTimeSchema.nullable(),
  })
  .register(schemaIds, { id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createApiKeyBodySchema = z
  .object({
    name: nameSchema(120),
    /** The person who will use it. Left out: whoever makes it, so that two keys of one person are not two people. */
    owner: nameSchema(120).optional(),
    scopes: z.array(scopeSchema).min(1).max(scopes.length),
    limit: limitSchema.nullable().default(null),
    /** Left out: in 90 days. Null: never. */
    expiresAt: isoTimeSchema.nullable().optional(),
  })
  .meta({
    description: 'Whose key it is, and what it may do.',
    examples: [{ name: 'Nightly report', owner: 'Iris Operator', scopes: ['read'], expiresAt: '2027-06-30T00:00:00Z' }],
  });
export type CreateApiKeyBody = z.infer<typeof createApiKeyBodySchema>;

/** A key that somebody makes for themselves. */
export const createOwnApiKeyBodySchema = createApiKeyBodySchema.omit({ owner: true }).meta({
  description: 'What a key of their own may do: at most what they may do themselves.',
  examples: [{ name: 'Scripts on my laptop', scopes: ['read'], expiresAt: '2027-06-30T00:00:00Z' }],
});
export type CreateOwnApiKeyBody = z.infer<typeof createOwnApiKeyBodySchema>;

/** The only answer that ever holds a key (G3). */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });

/**
 * Text of an API key, `rc_<environment>_<random>_<checksum>`: prefix and checksum let secret scanners find leaked keys
 * without asking anybody.
 * @param environment lower-case letters and digits, for people: `local`, `prod`
 * @param random at least 256 random bits as hex
 */
export function formatApiKey(environment: string, random: string): string {
  const body = `rc_${environment}_${random}`;
  return `${body}_${checksumOf(body)}`;
}

/** Does the text look like a key of ours? Says nothing about whether it is valid. */
export function isApiKeyText(text: string): boolean {
  const end = text.lastIndexOf('_');
  return (
    /^rc_[a-z0-9]{1,16}_[0-9a-f]{64,128}_[0-9a-f]{8}$/.test(text) &&
    checksumOf(text.slice(0, end)) === text.slice(end + 1)
  );
}
