import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseSender } from './mail/mail-address.js';
import { parseMailServer } from './mail/mail-server.js';

const schema = serviceConfigSchema.extend({
  /** `smtp://host:port`, `smtps://user:password@host:port`. A password only ever travels encrypted. */
  SMTP_URL: z.string().transform((text, context) => {
    const server = parseMailServer(text);
    if (typeof server !== 'string') return server;
    context.addIssue({ code: 'custom', message: server });
    return z.NEVER;
  }),
  /** Sender of all mails: `Rollcall <rollcall@example.org>` or the address alone. */
  MAIL_FROM: z.string().transform((text, context) => {
    const sender = parseSender(text);
    if (sender) return sender;
    context.addIssue({ code: 'custom', message: 'must be an address, or a name and an address in angle brackets' });
    return z.NEVER;
  }),
  /** How long after its slot a run may start before contacts are told, in milliseconds (R53). */
  RUN_START_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5 * 60_000),
});

export type NotifierConfig = z.infer<typeof schema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): NotifierConfig {
  return parseEnvironment(schema, environment);
}
