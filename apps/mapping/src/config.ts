import { parseEnvironment, type ServiceConfig, serviceConfigSchema } from '@rollcall/service';

export function readConfig(environment: Record<string, string | undefined> = process.env): ServiceConfig {
  return parseEnvironment(serviceConfigSchema, environment);
}
