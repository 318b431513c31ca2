import { defineCollection } from '../define-collection.js';
import { date, oneOf, optional, text } from '../models/paths.js';

export const linkPurposes = ['first-administrator', 'invitation', 'reset'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

/** A link that works once: its document is deleted in the transaction that it sets a password in. */
export interface OperatorLinkDocument {
  /** SHA-256 of the token, hex. Tokens have 256 random bits, so a fast hash is enough. */
  _id: string;
  purpose: LinkPurpose;
  /** Null for the first administrator, whom it makes. */
  operator: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export const operatorLinks = defineCollection<OperatorLinkDocument>({
  owner: 'gateway',
  name: 'operatorLinks',
  published: false,
  paths: {
    _id: text,
    purpose: oneOf(...linkPurposes),
    operator: optional.text,
    createdAt: date,
    expiresAt: date,
  },
  indexes: [{ key: { operator: 1 } }, { key: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } }],
});
