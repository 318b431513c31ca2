import { type AuditedChange, auditedChangeSchema } from '@rollcall/contracts';
import { z } from 'zod';

import { type ChainHeadDocument, chainHeadPaths, type ChainLink, chainLink } from '../chains/chain-link.js';
import { defineCollection } from '../define-collection.js';
import { date, fits, number, optional, text } from '../models/paths.js';

/** Who asked for what, and what came of it. Secrets are never part of it (F5). */
export interface AuditDocument {
  _id: string;
  at: Date;
  actor: string;
  operation: string;
  object: string;
  command: string | null;
  /** 0 until the outcome is known. */
  status: number;
  requestId: string;
  /** Absent in entries from before it was noted. */
  address?: string;
  /** Of the entry as it was asked for. Absent in entries from before they were chained. */
  link?: ChainLink;
  /** Id of what was made, which is the end of `object` then. */
  made?: string | null;
  /** What was changed; null where that is not known. */
  changes?: AuditedChange[] | null;
  /** When the outcome was noted, and its own link: outcomes are entries of the chain as well. */
  endedAt?: Date;
  endLink?: ChainLink;
  /** A person was taken out of it: when, and seals of what is left of the entry and of its outcome. */
  redacted?: { at: Date; asked: string | null; ended: string | null };
}

export const auditEvents = defineCollection<AuditDocument>({
  owner: 'gateway',
  name: 'auditEvents',
  published: false,
  paths: {
    _id: text,
    at: date,
    actor: text,
    operation: text,
    object: text,
    command: optional.text,
    status: number,
    requestId: text,
    address: optional.text,
    link: chainLink,
    made: optional.text,
    changes: fits(z.array(auditedChangeSchema).nullish()),
    endedAt: optional.date,
    endLink: chainLink,
    redacted: optional.part({ at: date, asked: optional.text, ended: optional.text }),
  },
  indexes: [
    { key: { at: -1 } },
    { key: { actor: 1, at: -1 } },
    { key: { object: 1, at: -1 } },
    { key: { 'link.chain': 1, 'link.number': 1 } },
  ],
});

export const auditChains = defineCollection<ChainHeadDocument>({
  owner: 'gateway',
  name: 'auditChains',
  published: false,
  paths: chainHeadPaths,
});
