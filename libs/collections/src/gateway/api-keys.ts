import type { Limit } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { anything, date, listOf, optional, text } from '../models/paths.js';

/** An API key. Only the hash is kept; the clear text is shown once (G3). */
export interface ApiKeyDocument {
  _id: string;
  name: string;
  /** Whose key it is: `operator:<id>`, a name, or `api-key:<id>` of the key that it was made with; absent: it counts for itself. */
  owner?: string;
  /** SHA-256 of the key, hex. Keys have 256 random bits, so a fast hash is enough. */
  hash: string;
  scopes: string[];
  /** Absent or null: the whole installation. */
  limit?: Limit | null;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To the minute. */
  lastUsedAt?: Date | null;
}

export const apiKeys = defineCollection<ApiKeyDocument>({
  owner: 'gateway',
  name: 'apiKeys',
  published: false,
  paths: {
    _id: text,
    name: text,
    owner: optional.text,
    hash: text,
    scopes: listOf(text),
    limit: anything,
    createdAt: date,
    expiresAt: optional.date,
    revokedAt: optional.date,
    lastUsedAt: optional.date,
  },
  indexes: [{ key: { hash: 1 }, options: { unique: true } }],
});
