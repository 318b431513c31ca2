import { SecretString } from '@rollcall/secrets';
import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseSender } from './mail/mail-address.js';

const schema = serviceConfigSchema.extend({
  /** `smtp://host:port` or `smtps://user:password@host:port`; kept as a secret because it may hold a password. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^/]/, 'must look like smtp://host:port')
    .refine((text) => URL.canParse(text), 'must look like smtp://host:port')
    .transform((text) => new SecretString(text)),
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
