import { z } from 'zod';

import { mailAddressSchema } from '../../domain/mail-address.js';
import { mailTestSchema } from '../../domain/mail-server.js';
import { defineCommand } from '../define-command.js';

export const testMail = defineCommand({
  type: 'mail.test',
  owner: 'notifier',
  senders: ['gateway'],
  description: 'Hands one mail to the mail server and tells what the server said.',
  input: z.object({ to: mailAddressSchema }),
  result: mailTestSchema,
  errors: [],
});
