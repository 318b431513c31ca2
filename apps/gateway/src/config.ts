import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseTrustedProxies } from './admission/trusted-proxies.js';

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

export const settingsSchema = serviceConfigSchema.extend({
  ROLLCALL_BOOTSTRAP_API_KEY_HASH: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash: 64 hex digits in lower case')
    .optional()
    .describe('SHA-256 of the first API key, as hex. Whoever set up the installation keeps the key itself.')
    .meta({ isSecret: true }),
  ROLLCALL_ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 lower-case letters or digits')
    .default('local')
    .describe('Second part of new API keys, so that people see which installation a key opens.'),
  ROLLCALL_COMMAND_WAIT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(30_000)
    .default(10_000)
    .describe('How many milliseconds a request waits for its outcome before it is answered with 202.'),
  ROLLCALL_KEY_REQUESTS_PER_MINUTE: perMinute(6_000).describe('Requests in a minute with one API key.'),
  ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: perMinute(300).describe(
    'Requests in a minute without a valid key from one network: an IPv4 address, 64 bits of an IPv6 address.',
  ),
  TRUST_PROXY: z
    .string()
    .default('false')
    .transform((text, context) => {
      const proxies = parseTrustedProxies(text);
      if (proxies !== null) return proxies;
      const message =
        'must be false, how many proxies stand before this gateway (1 to 9), or their addresses and ranges with commas between: 10.0.0.0/8,loopback';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .describe(
      'Whose `X-Forwarded-For` says where a request comes from: `false`, how many proxies stand before the gateway, or their addresses and ranges with commas between. Leave it where there is no proxy: anybody can send that header.',
    ),
});
export type GatewayConfig = z.infer<typeof settingsSchema>;

export function readConfig(environment: Record<string, string | undefined> = process.env): GatewayConfig {
  return parseEnvironment(settingsSchema, environment);
}
