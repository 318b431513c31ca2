import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@rollcall/service';

import { AuthorizationsModule } from './authorizations/authorizations.module.js';
import { readConfig, type VaultConfig } from './config.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { HealthModule } from './health/health.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LeasesModule } from './leases/leases.module.js';
import { ManifestsModule } from './manifests.module.js';

/** The features; tests put them beside manifests of their own. */
export const features = [KeysModule, CredentialsModule, AuthorizationsModule, HealthModule, LeasesModule];

@Module({ imports: [ManifestsModule.of(), ...features] })
export class AppModule {}

export const definition: ServiceDefinition<VaultConfig> = {
  service: 'credential-vault',
  module: AppModule,
  config: readConfig,
  alsoEnsures: ['vault-private'],
};
