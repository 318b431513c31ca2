import { defineCollection } from '../define-collection.js';
import { date, number, optional, text } from '../models/paths.js';

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
  },
  indexes: [{ key: { at: -1 } }],
});
