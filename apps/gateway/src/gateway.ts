import type { ServiceDefinition } from '@rollcall/service';

import { AppModule } from './app.module.js';
import { type GatewayConfig, readConfig } from './config.js';
import { configureHttp } from './configure-http.js';

/** The gateway as a service; tests start it with `startService`. */
export const gateway: ServiceDefinition<GatewayConfig> = {
  service: 'gateway',
  module: AppModule,
  config: readConfig,
  configureHttp,
};
