import { parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseSender } from './mail/mail-address.js';
import { parseMailServer } from './mail/mail-server.js';

export const settingsSchema = serviceConfigSchema.extend({
  SMTP_URL: z
    .string()
    .transform((text, context) => {
      const server = parseMailServer(text);
      if (typeof server !== 'string') return server;
      context.addIssue({ code: 'custom', message: server });
      return z.NEVER;
    })
    .describe(
      'Mail server: `smtp://host:port` or `smtps://user:password@host:port`. A password only ever travels encrypted; write `@` in it as `%40`.',
    ),
  MAIL_FROM: z
    .string()
    .transform((text, context) => {
      const sender = parseSender(text);
      if (sender) return sender;
      context.addIssue({ code: 'custom', message: 'must be an address, or a name and an address in angle brackets' });
      return z.NEVER;
    })
    .describe('Sender of all mails: `Rollcall <rollcall@example.org>`, or the address alone.'),
  RUN_START_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5 * 60_000)
    .describe('How many milliseconds after its planned time a run may start before contacts are told.'),
  // Longer than the topics are kept out of which they are made.
  RETENTION_NOTICES_DAYS: retentionDays(35, 'Days for which notices are kept. Left out: for ever.'),
  RETENTION_MAILS_DAYS: retentionDays(1, 'Days for which mails that were sent or given up are kept, 90 at most.'),
});

export type NotifierConfig = z.infer<typeof settingsSchema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): NotifierConfig {
  return parseEnvironment(settingsSchema, environment);
}
