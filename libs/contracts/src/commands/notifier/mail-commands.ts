import { z } from 'zod';

import { contactSchema } from '../../domain/contact.js';
import { mailAddressSchema } from '../../domain/mail-address.js';
import { mailTestSchema } from '../../domain/mail-server.js';
import { isoTimeSchema } from '../../domain/values.js';
import { defineCommand, sealedFieldSchema } from '../define-command.js';

export const testMail = defineCommand({
  type: 'mail.test',
  owner: 'notifier',
  senders: ['gateway'],
  description: 'Hands one mail to the mail server and tells what the server said.',
  input: z.object({ to: mailAddressSchema }),
  result: mailTestSchema,
  errors: [],
});

/** A link that works once is mailed, and lies nowhere in clear on its way. */
export const mailLink = defineCommand({
  type: 'mail.send-link',
  owner: 'notifier',
  senders: ['gateway'],
  description: 'Mails somebody a link with which they choose a password. It is sealed to notifier.',
  input: z.object({
    to: contactSchema.pick({ name: true, email: true }),
    purpose: z.enum(['invitation', 'reset']),
    link: sealedFieldSchema,
    /** Afterwards it is not mailed any more. */
    expiresAt: isoTimeSchema,
  }),
  result: z.object({ mail: z.string() }),
  errors: [],
});
