import { defineCollection } from '../define-collection.js';
import { date, number, oneOf, text } from '../models/paths.js';

export interface DataKeyDocument {
  _id: string;
  wrapped: string;
  /** Identifies the key-encryption key without revealing it: a wrong one is noticed at start (P24). */
  keyCheck: string;
  state: 'current' | 'retired';
  /** Encryptions reserved in blocks, so that the limit holds across crashes (P26). */
  reserved: number;
  createdAt: Date;
}

export const dataKeys = defineCollection<DataKeyDocument>({
  owner: 'vault-private',
  name: 'dataKeys',
  published: false,
  paths: {
    _id: text,
    wrapped: text,
    keyCheck: text,
    state: oneOf('current', 'retired'),
    reserved: number,
    createdAt: date,
  },
});
