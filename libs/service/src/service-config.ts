import { z } from 'zod';

import { refusedSwitches } from './development-switches.js';

/** Settings that every service has. A service extends this in its `config.ts`, the only reader of the environment. */
export const serviceConfigSchema = z.object({
  KAFKA_BROKERS: z.string().min(1),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://'),
  /** Port of /healthz, /readyz and /metrics; of the API too in the gateway. */
  PORT: z.coerce.number().int().min(0).max(65_535),
  /** Address to listen on. */
  HOST: z.string().default('127.0.0.1'),
  /** Directory with this service's signing key and everybody's public keys. */
  ROLLCALL_KEYS_DIR: z.string().min(1),
  /** Prefix of databases, topics and groups. */
  ROLLCALL_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,30}$/)
    .default('rollcall'),
  KAFKA_REPLICATION: z.coerce.number().int().min(1).max(5).default(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
});
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** For boolean environment variables: `true` or `false`, nothing else. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');

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
    const state = environment[name] === undefined ? 'is not set' : 'is wrong';
    return `${name} ${state}: ${issue.message}`;
  });
  throw new ConfigError([...wrong, ...refused].join('\n'));
}
