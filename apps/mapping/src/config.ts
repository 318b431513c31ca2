import { parseEnvironment, type ServiceConfig, serviceConfigSchema } from '@rollcall/service';

export const settingsSchema = serviceConfigSchema;

export function readConfig(environment: Record<string, string | undefined> = process.env): ServiceConfig {
  return parseEnvironment(settingsSchema, environment);
}
