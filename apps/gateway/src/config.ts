import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

const gatewayConfigSchema = serviceConfigSchema.extend({
  /** SHA-256 of the first API key, hex; its owner keeps the clear text (G3). */
  ROLLCALL_BOOTSTRAP_API_KEY_HASH: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash: 64 hex digits in lower case')
    .optional(),
  /** Second part of new API keys, so that people see which installation a key opens. */
  ROLLCALL_ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 lower-case letters or digits')
    .default('local'),
  /** How long a request waits for the outcome of its command before it answers 202 (F3). */
  ROLLCALL_COMMAND_WAIT_MS: z.coerce.number().int().min(100).max(30_000).default(10_000),
});
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;

export function readConfig(environment: Record<string, string | undefined> = process.env): GatewayConfig {
  return parseEnvironment(gatewayConfigSchema, environment);
}
