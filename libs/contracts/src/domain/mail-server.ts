import { z } from 'zod';

import { isoTimeSchema } from './values.js';

/** How it stands with the mail server, as notifier found it. */
export const mailServerStateSchema = z.object({
  server: z.string().describe('Host and port of the mail server.'),
  reachable: z.boolean().describe('Whether the server could be reached, with its login, when it was last asked.'),
  checkedAt: isoTimeSchema.describe('When it was last asked.'),
  lastSuccess: isoTimeSchema.nullable().describe('When it last took a mail; null when it never did.'),
  lastFailure: z
    .object({ at: isoTimeSchema, reason: z.string() })
    .nullable()
    .describe('When a mail or a question was last refused or not answered, and why.'),
});
export type MailServerState = z.infer<typeof mailServerStateSchema>;

/** What became of a mail that was sent to try the mail server. */
export const mailTestSchema = z.object({
  accepted: z.boolean().describe('Whether the server took the mail. Whether it delivers it is up to the server.'),
  server: z.string().describe('Host and port of the mail server.'),
  from: z.string().describe('Address of the sender.'),
  answer: z.string().describe('What the server said, or why it could not be asked.'),
});
export type MailTest = z.infer<typeof mailTestSchema>;
