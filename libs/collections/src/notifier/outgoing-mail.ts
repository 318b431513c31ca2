import { type Contact, contactSchema } from '@rollcall/contracts';

import { days, defineCollection } from '../define-collection.js';
import { date, fits, lease, number, oneOf, optional, text } from '../models/paths.js';

/** Mail to send. The notice id gives the Message-ID, so a second copy after a crash is recognisable (I9). */
export interface OutgoingMailDocument {
  /** Notice id; of its own for a mail without a notice. */
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
  /** A link in the place of `linkPlace` in the text, sealed to notifier as the field of a command; gone once it is sent or given up. */
  sealedLink?: { command: string; enc: string; ct: string } | null;
  /** The mail is of no use afterwards. */
  expiresAt?: Date | null;
}

export const outgoingMail = defineCollection<OutgoingMailDocument>({
  owner: 'notifier',
  name: 'outgoingMail',
  published: true,
  paths: {
    _id: text,
    to: fits(contactSchema),
    subject: text,
    text,
    state: oneOf('queued', 'sent', 'failed'),
    attempts: number,
    notBefore: date,
    lease,
    lastError: optional.text,
    createdAt: date,
    sealedLink: optional.part({ command: text, enc: text, ct: text }),
    expiresAt: optional.date,
  },
  indexes: [{ key: { state: 1, notBefore: 1 } }, { key: { createdAt: 1 }, options: { expireAfterSeconds: days(90) } }],
});
