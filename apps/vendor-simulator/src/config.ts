import { z } from 'zod';

import type { SimulatorOptions } from './simulator.js';
import { type VendorCredentials, vendorIds, vendors } from './vendors/index.js';

const port = z.coerce.number().int().min(0).max(65_535).default(0);

const schema = z.object({
  SIMULATOR_SEED: z.string().min(1).default('rollcall'),
  SIMULATOR_COMPANY: z
    .string()
    .regex(/^(demo|load:[1-9]\d*)$/, 'must be "demo" or "load:<number of users>"')
    .default('demo'),
  SIMULATOR_START_DAY: z.coerce.number().int().min(0).max(3650).default(0),
  SIMULATOR_LEDGER_FILE: z.string().min(1).optional(),
  SIMULATOR_CONTROL_PORT: port,
  SIMULATOR_LATENCY_MS: z.coerce.number().int().min(0).default(0),
  SIMULATOR_RATE_LIMIT_PER_SECOND: z.union([z.literal('none'), z.coerce.number().positive()]).optional(),
  SIMULATOR_RATE_LIMIT_BURST: z.coerce.number().min(1).default(20),
  SIMULATOR_TOKEN_LIFE_SECONDS: z.coerce.number().int().positive().optional(),
  SIMULATOR_VENDORS: z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim()))
    .pipe(z.array(z.enum(vendorIds)).min(1))
    .optional(),
});

/** One clear line per wrong variable. */
export class ConfigError extends Error {}

/**
 * The environment as options. Per vendor: `SIMULATOR_<VENDOR>_PORT` and one `SIMULATOR_<VENDOR>_<NAME>` per credential part
 * (`SIMULATOR_JUMPCLOUD_API_KEY`), empty or missing = the vendor's test value. Throws ConfigError.
 */
export function readConfig(env: NodeJS.ProcessEnv): SimulatorOptions {
  const parsed = schema.safeParse(env);
  const ports = z.partialRecord(z.enum(vendorIds), port).safeParse(vendorPorts(env));
  const error = parsed.error ?? ports.error;
  if (!parsed.success || !ports.success) {
    throw new ConfigError(`The simulator's environment is wrong. ${error ? z.prettifyError(error) : ''}`);
  }
  const { data } = parsed;
  return {
    seed: data.SIMULATOR_SEED,
    company: data.SIMULATOR_COMPANY as SimulatorOptions['company'],
    startDay: data.SIMULATOR_START_DAY,
    ledgerFile: data.SIMULATOR_LEDGER_FILE,
    ports: { ...ports.data, control: data.SIMULATOR_CONTROL_PORT },
    credentials: vendorCredentials(env),
    latencyMs: data.SIMULATOR_LATENCY_MS,
    tokenLifeSeconds: data.SIMULATOR_TOKEN_LIFE_SECONDS,
    vendors: data.SIMULATOR_VENDORS,
    rateLimit: rateLimitOf(data.SIMULATOR_RATE_LIMIT_PER_SECOND, data.SIMULATOR_RATE_LIMIT_BURST),
  };
}

/** Left out: what each vendor documents. */
function rateLimitOf(perSecond: number | 'none' | undefined, burst: number): SimulatorOptions['rateLimit'] {
  if (perSecond === undefined) return 'vendor';
  return perSecond === 'none' ? null : { perSecond, burst };
}

/** The only reading of the process environment. */
export const readProcessConfig = (): SimulatorOptions => readConfig(process.env);

function vendorPorts(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(vendorIds.map((id) => [id, env[`SIMULATOR_${upper(id)}_PORT`]]));
}

function vendorCredentials(env: NodeJS.ProcessEnv): VendorCredentials {
  const pairs = vendorIds.map((id) => {
    const parts = Object.entries(vendors[id].defaultCredentials).map(([name, byDefault]) => [
      name,
      env[`SIMULATOR_${upper(id)}_${upper(name)}`] || byDefault,
    ]);
    return [id, Object.fromEntries(parts)];
  });
  return Object.fromEntries(pairs) as VendorCredentials;
}

function upper(name: string): string {
  return name.replace(/[A-Z]/g, '_$&').replace(/-/g, '_').toUpperCase();
}
