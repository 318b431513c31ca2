import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseTrustedProxies } from './admission/trusted-proxies.js';
import { readHashFile, sha256Hash } from './api-keys/hash-file.js';

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

const gatewayConfigSchema = serviceConfigSchema.extend({
  /** SHA-256 of the first API key, hex; its owner keeps the clear text (G3). */
  ROLLCALL_BOOTSTRAP_API_KEY_HASH: z
    .string()
    .regex(sha256Hash, 'must be a SHA-256 hash: 64 hex digits in lower case')
    .optional(),
  /** Instead of the setting above: a file that holds the hash, which is what parsing returns. */
  ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE: z
    .string()
    .min(1)
    .transform((path, context) => {
      const { hash, problem } = readHashFile(path);
      if (hash !== null) return hash;
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    })
    .optional(),
  /** Second part of new API keys, so that people see which installation a key opens. */
  ROLLCALL_ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 lower-case letters or digits')
    .default('local'),
  /** How long a request waits for the outcome of its command before it answers 202 (F3). */
  ROLLCALL_COMMAND_WAIT_MS: z.coerce.number().int().min(100).max(30_000).default(10_000),
  /** Requests in a minute with one API key. A console or a script never comes near it. */
  ROLLCALL_KEY_REQUESTS_PER_MINUTE: perMinute(6_000),
  /** Requests in a minute without a valid key from one network: an IPv4 address, 64 bits of an IPv6 address. */
  ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: perMinute(300),
  /** Whose `X-Forwarded-For` says where a request comes from. Nobody's unless set: anybody can send that header. */
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
    }),
});
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;

export function readConfig(environment: Record<string, string | undefined> = process.env): GatewayConfig {
  return parseEnvironment(gatewayConfigSchema, environment);
}
