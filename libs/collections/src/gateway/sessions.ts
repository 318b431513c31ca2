import { defineCollection } from '../define-collection.js';
import { date, optional, text } from '../models/paths.js';

/** A browser in which an operator is signed in: a family of tokens of which one pair is valid at a time. */
export interface SessionDocument {
  /** First part of both tokens, 128 random bits. */
  _id: string;
  operator: string;
  /** SHA-256 of the token, hex. */
  accessHash: string;
  accessExpiresAt: Date;
  refreshHash: string;
  refreshExpiresAt: Date;
  createdAt: Date;
  /** It ends then, however often it is refreshed. */
  endsAt: Date;
  /** Network of the client at sign-in. */
  network: string;
  endedAt: Date | null;
}

export const sessions = defineCollection<SessionDocument>({
  owner: 'gateway',
  name: 'sessions',
  published: false,
  paths: {
    _id: text,
    operator: text,
    accessHash: text,
    accessExpiresAt: date,
    refreshHash: text,
    refreshExpiresAt: date,
    createdAt: date,
    endsAt: date,
    network: text,
    endedAt: optional.date,
  },
  indexes: [{ key: { operator: 1 } }, { key: { endsAt: 1 }, options: { expireAfterSeconds: 0 } }],
});
