import { SecretString } from '@rollcall/secrets';
import { isSecureAddress, parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { parseTrustedProxies } from './admission/trusted-proxies.js';
import { readHashFile, sha256Hash } from './api-keys/hash-file.js';
import { parseGroupRoles } from './single-sign-on/group-roles.js';

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

export const settingsSchema = serviceConfigSchema
  .extend({
    ROLLCALL_BOOTSTRAP_API_KEY_HASH: z
      .string()
      .regex(sha256Hash, 'must be a SHA-256 hash: 64 hex digits in lower case')
      .optional()
      .describe('SHA-256 of the first API key, as hex. Whoever set up the installation keeps the key itself.')
      .meta({ isSecret: true }),
    /** Parsing returns the hash itself. */
    ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE: z
      .string()
      .min(1)
      .transform((path, context) => {
        const { hash, problem } = readHashFile(path);
        if (hash !== null) return hash;
        context.addIssue({ code: 'custom', message: problem });
        return z.NEVER;
      })
      .optional()
      .describe('File with the hash of the first API key, instead of `ROLLCALL_BOOTSTRAP_API_KEY_HASH`.'),
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
    ROLLCALL_KEY_REQUESTS_PER_MINUTE: perMinute(6_000).describe(
      'Requests in a minute with one API key or in one session.',
    ),
    ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: perMinute(300).describe(
      'Requests in a minute without a valid key or session from one network: an IPv4 address, 64 bits of an IPv6 address.',
    ),
    RETENTION_AUDIT_DAYS: retentionDays(
      30,
      'Days for which entries of the audit are kept. Left out: for ever. What is left can still be verified.',
    ),
    ROLLCALL_PUBLIC_URL: z
      .url({
        protocol: /^https?$/,
        error: 'must be the address that people open, such as https://rollcall.example.com',
      })
      .optional()
      .describe(
        'Address under which people reach the gateway, for links, cookies and single sign-on. Links are mailed only if it is set. With `https` cookies are sent over TLS only.',
      ),
    OIDC_ISSUER: z
      .string()
      .refine(
        isSecureAddress,
        'must be the https:// address of an identity provider, such as https://login.example.com',
      )
      .optional()
      .describe(
        'Identity provider for single sign-on (OpenID Connect). It may be in a private network. Needs `ROLLCALL_PUBLIC_URL` and a client.',
      ),
    OIDC_CLIENT_ID: z.string().min(1).optional().describe('Client that the identity provider knows Rollcall as.'),
    OIDC_CLIENT_SECRET: z
      .string()
      .min(1)
      .transform((text) => new SecretString(text))
      .optional()
      .describe('Secret of that client.')
      .meta({ isSecret: true }),
    OIDC_NAME: z
      .string()
      .min(1)
      .max(60)
      .default('single sign-on')
      .describe('What people call the identity provider, for the button that leads there.'),
    OIDC_SCOPES: z
      .string()
      .regex(/^openid( [!-~]+)*$/, 'must begin with openid, with single blanks between scopes')
      .default('openid email profile')
      .describe('What the identity provider is asked for. Some name groups only with a scope of their own.'),
    OIDC_GROUPS_CLAIM: z
      .string()
      .min(1)
      .max(120)
      .default('groups')
      .describe('Claim of the identity token that lists the groups of a person.'),
    OIDC_ROLES: z
      .string()
      .default('')
      .transform((text, context) => {
        const parsed = parseGroupRoles(text);
        if (Array.isArray(parsed)) return parsed;
        context.addIssue({ code: 'custom', message: parsed.problem });
        return z.NEVER;
      })
      .describe(
        'Roles by group, as `group=role` with commas between. Whoever is in one of the groups gets its role at each sign-in, and is let in without an invitation.',
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
  })
  .superRefine((config, context) => {
    if (config.OIDC_ISSUER === undefined) return;
    for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'ROLLCALL_PUBLIC_URL'] as const) {
      if (config[name] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'is needed for single sign-on: OIDC_ISSUER is set' });
    }
  });
export type GatewayConfig = z.infer<typeof settingsSchema>;

export function readConfig(environment: Record<string, string | undefined> = process.env): GatewayConfig {
  return parseEnvironment(settingsSchema, environment);
}
