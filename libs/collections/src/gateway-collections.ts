import { days, defineCollection } from './define-collection.js';

/** An API key. Only the hash is kept; the clear text is shown once (G3). */
export interface ApiKeyDocument {
  _id: string;
  name: string;
  /** Whose key it is, or `api-key:<id>` of the key that it was made with; absent: it counts for itself. */
  owner?: string;
  /** SHA-256 of the key, hex. Keys have 256 random bits, so a fast hash is enough. */
  hash: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** Who asked for what. Secrets are never part of it (F5). */
export interface AuditDocument {
  _id: string;
  at: Date;
  actor: string;
  operation: string;
  object: string;
  command: string | null;
  status: number;
  requestId: string;
}

/** A request that was answered with 202: where its result will be. */
export interface OperationDocument {
  /** `<owner>.<command id>`. */
  _id: string;
  owner: string;
  command: string;
  type: string;
  actor: string;
  deadline: Date;
  bodyDigest: string;
  createdAt: Date;
}

const owner = 'gateway' as const;

export const apiKeys = defineCollection<ApiKeyDocument>({
  owner,
  name: 'apiKeys',
  published: false,
  indexes: [{ key: { hash: 1 }, options: { unique: true } }],
});
export const auditEvents = defineCollection<AuditDocument>({
  owner,
  name: 'auditEvents',
  published: false,
  indexes: [{ key: { at: -1 } }],
});
export const operations = defineCollection<OperationDocument>({
  owner,
  name: 'operations',
  published: false,
  indexes: [{ key: { createdAt: 1 }, options: { expireAfterSeconds: days(2) } }],
});
