import { type NoticeRecord, noticeRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { recordPaths, text } from '../models/paths.js';

export interface NoticeDocument extends Omit<NoticeRecord, 'id'> {
  _id: string;
}

export const notices = defineCollection<NoticeDocument>({
  owner: 'notifier',
  name: 'notices',
  published: true,
  paths: { _id: text, ...recordPaths(noticeRecordSchema) },
  indexes: [{ key: { createdAt: -1 } }, { key: { incident: 1, 'contact.email': 1 }, options: { unique: true } }],
});
