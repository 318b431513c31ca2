import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsQueries } from './credentials.queries.js';
import { CredentialsService } from './credentials.service.js';
import { VaultKey } from './vault-key.js';

@Module({
  imports: [CommandsModule, OperatorsModule],
  controllers: [CredentialsController],
  providers: [CredentialsQueries, CredentialsService, VaultKey],
})
export class CredentialsModule {}
