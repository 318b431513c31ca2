import { defineCollection } from '../define-collection.js';
import { text } from '../models/paths.js';

/** What cursors of lists are signed with, the same for all replicas. It protects no data: what a cursor says was in its page. */
export interface CursorKeyDocument {
  _id: 'cursors';
  /** 32 bytes in base64. */
  key: string;
}

export const cursorKeys = defineCollection<CursorKeyDocument>({
  owner: 'gateway',
  name: 'cursorKeys',
  published: false,
  paths: { _id: text, key: text },
});
