import { Module } from '@nestjs/common';

import { HealthModule } from '../health/health.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UseLogModule } from '../use-log/use-log.module.js';
import { LeasesCommands } from './leases.commands.js';
import { LeasesRepository } from './leases.repository.js';
import { LeasesService } from './leases.service.js';

@Module({
  imports: [HealthModule, KeysModule, TokensModule, UseLogModule],
  providers: [LeasesCommands, LeasesService, LeasesRepository],
})
export class LeasesModule {}
