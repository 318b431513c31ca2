import type { Contact, NoticeRecord } from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';

export interface NoticeDocument extends Omit<NoticeRecord, 'id'> {
  _id: string;
}

/** Mail to send. The notice id gives the Message-ID, so a second copy after a crash is recognisable (I9). */
export interface OutgoingMailDocument {
  /** Notice id. */
  _id: string;
  to: Contact;
  subject: string;
  text: string;
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  notBefore: Date;
  lease: { holder: string; until: Date } | null;
  lastError: string | null;
  createdAt: Date;
}

/** What notifier itself knows of an integration, so that a dead sync-runner is noticed (architecture 10). */
export interface WatchDocument {
  /** Integration id. */
  _id: string;
  name: string;
  state: 'draft' | 'active' | 'paused';
  version: number;
  contacts: Contact[];
  /** Next slot that must start. */
  expectedAt: Date | null;
  openRun: { id: string; startedAt: Date; overdueNoticed: boolean } | null;
  /** Incident that contacts know of and that has not recovered yet. */
  incident: { id: string; kind: string } | null;
}

const owner = 'notifier' as const;

export const notices = defineCollection<NoticeDocument>({
  owner,
  name: 'notices',
  published: true,
  indexes: [{ key: { createdAt: -1 } }, { key: { incident: 1, 'contact.email': 1 }, options: { unique: true } }],
});
export const outgoingMail = defineCollection<OutgoingMailDocument>({
  owner,
  name: 'outgoingMail',
  published: true,
  indexes: [{ key: { state: 1, notBefore: 1 } }, { key: { createdAt: 1 }, options: { expireAfterSeconds: days(90) } }],
});
export const watches = defineCollection<WatchDocument>({ owner, name: 'watches', published: false });
