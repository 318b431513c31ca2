import type { KeyRotation } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, number, oneOf, optional, text } from '../models/paths.js';

export interface DataKeyDocument {
  _id: string;
  wrapped: string;
  /** Identifies the key-encryption key without revealing it: a wrong one is noticed at start (P24). */
  keyCheck: string;
  state: 'current' | 'retired';
  /** Encryptions reserved in blocks, so that the limit holds across crashes (P26). */
  reserved: number;
  createdAt: Date;
  /** When it was replaced. Absent in keys that were replaced before this was kept. */
  retiredAt?: Date;
  /** Why it was replaced; absent as well in those. */
  retiredFor?: KeyRotation['reason'];
  /** The command that made it: repeated, it makes no further one. */
  madeFor?: string;
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
    retiredAt: optional.date,
    retiredFor: optional.oneOf('asked', 'age', 'encryptions'),
    madeFor: optional.text,
  },
});
