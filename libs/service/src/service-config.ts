import { z } from 'zod';

import { refusedSwitches } from './development-switches.js';

/** Settings that every service has, each with the words that the table of settings shows. A service extends this in its `config.ts`, the only reader of the environment. */
export const serviceConfigSchema = z.object({
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,;]+:\d+(\s*,\s*[^\s,;]+:\d+)*$/, 'must be host:port, several with commas between')
    .describe('Kafka to use, as `host:port`, several with commas between.'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .describe('MongoDB to use, as `mongodb://…` or `mongodb+srv://…`. It must be a replica set.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .describe('Port of `/healthz`, `/readyz` and `/metrics`; in the gateway of the API too.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  ROLLCALL_KEYS_DIR: z
    .string()
    .min(1)
    .describe("Folder with the service's own signing key and the public keys of all services."),
  ROLLCALL_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,30}$/, 'must be 1 to 31 lower-case letters and digits, a letter first')
    .default('rollcall')
    .describe(
      'Prefix of databases, topics and consumer groups: 1 to 31 lower-case letters and digits, a letter first.',
    ),
  KAFKA_REPLICATION: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Copies that new topics have. Production needs 3.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least important lines that are still logged.'),
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('development')
    .describe('With `production` a service starts only where an acknowledged change survives the loss of one machine.'),
});
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** For boolean environment variables: `true` or `false`, nothing else. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');

/** The same switch in every service that calls vendors. */
export const allowLoopback = flag(false).describe(
  'Development only: credentials may name addresses of this machine, also without TLS. For simulated vendors; refused in production.',
);

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** For addresses that secrets are sent to: with TLS, or on this machine itself. */
export function isSecureAddress(text: string): boolean {
  return URL.canParse(text) && (text.startsWith('https://') || loopback.test(text));
}

/** A setting is wrong. The message names it and says what is expected, and never shows a value. */
export class ConfigError extends Error {}

/**
 * Parses the environment once. Throws `ConfigError` with one line per wrong setting, and per development switch that is
 * on in production.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> {
  const parsed = schema.safeParse(environment);
  const refused = refusedSwitches(environment);
  if (parsed.success && refused.length === 0) return parsed.data;
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const name = issue.path.join('.');
    return `${name} ${stateOf(issue, environment[name])}: ${issue.message}`;
  });
  throw new ConfigError([...wrong, ...refused].join('\n'));
}

/** Two settings may be at odds with each other where one of them has its default; such a rule has `params: { ofDefault: true }`. */
function stateOf(issue: z.core.$ZodIssue, value: string | undefined): string {
  if (value !== undefined) return 'is wrong';
  const isOfDefault = issue.code === 'custom' && issue.params?.['ofDefault'] === true;
  return isOfDefault ? 'has its default, which does not fit' : 'is not set';
}
