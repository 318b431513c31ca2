import { parseEnvironment, serviceConfigSchema, type ServiceConfig } from '@rollcall/service';

export function readConfig(): ServiceConfig {
  return parseEnvironment(serviceConfigSchema, process.env);
}
