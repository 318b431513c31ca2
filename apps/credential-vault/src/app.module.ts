import { Module } from '@nestjs/common';
import { RetentionModule, type ServiceDefinition } from '@rollcall/service';

import { AuthorizationsModule } from './authorizations/authorizations.module.js';
import { readConfig, type VaultConfig } from './config.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { HealthModule } from './health/health.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LeasesModule } from './leases/leases.module.js';
import { ManifestsModule } from './manifests.module.js';
import { UseLogRetention } from './retention/use-log-retention.js';
import { UseLogModule } from './use-log/use-log.module.js';

/** The features; tests put them beside manifests of their own. */
export const features = [
  AuthorizationsModule,
  KeysModule,
  CredentialsModule,
  HealthModule,
  LeasesModule,
  RetentionModule.of(UseLogRetention, [UseLogModule]),
];

@Module({ imports: [ManifestsModule.of(), ...features] })
export class AppModule {}

export const definition: ServiceDefinition<VaultConfig> = {
  service: 'credential-vault',
  module: AppModule,
  config: readConfig,
  alsoEnsures: ['vault-private'],
};
