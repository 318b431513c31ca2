import { parseEnvironment, type ServiceConfig, serviceConfigSchema } from '@rollcall/service';

export function readConfig(): ServiceConfig {
  return parseEnvironment(serviceConfigSchema, process.env);
}
