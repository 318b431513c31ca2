import { type ErasureRecord, erasureRecordSchema, type ServiceName } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, listOf, oneOf, optional, part, recordPaths, text } from '../models/paths.js';

/** An account of an erased person: what it was called, and what it is called from now on. */
export interface ErasedAccountName {
  /** `<integration>:<vendorId>`, as it was. */
  from: string;
  to: string;
  integration: string;
  vendorId: string;
}

/** What services look for while an erasure is open. It goes with the last confirmation. */
export interface ErasureSubject {
  /** The person, and people who were merged into them. */
  people: string[];
  accounts: ErasedAccountName[];
  /** Texts that name the person wherever they stand: user names, addresses, whole names. */
  names: string[];
  /** Other values they had: looked for only in what is about them, because others have the same department. */
  values: string[];
}

/** `ErasureRecord` with times that can be compared, and what is looked for. Proof that somebody was erased, kept for ever. */
export interface ErasureDocument extends Omit<ErasureRecord, 'id' | 'at' | 'doneAt' | 'waitsFor'> {
  /** Id of the person. */
  _id: string;
  at: Date;
  doneAt: Date | null;
  waitsFor: ServiceName[];
  subject?: ErasureSubject;
}

const { state: _state, at: _at, doneAt: _doneAt, waitsFor: _waitsFor, ...plain } = recordPaths(erasureRecordSchema);

export const erasures = defineCollection<ErasureDocument>({
  owner: 'mapping',
  name: 'erasures',
  published: true,
  paths: {
    _id: text,
    ...plain,
    state: oneOf('open', 'done'),
    at: date,
    doneAt: optional.date,
    waitsFor: listOf(text),
    subject: optional.part<ErasureSubject>({
      people: listOf(text),
      accounts: listOf(part<ErasedAccountName>({ from: text, to: text, integration: text, vendorId: text })),
      names: listOf(text),
      values: listOf(text),
    }),
  },
  // Few are open at a time, and every service looks for them every few seconds.
  indexes: [{ key: { state: 1, at: 1 } }],
});
