import { Module } from '@nestjs/common';

import { CredentialsModule } from '../credentials/credentials.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UseLogModule } from '../use-log/use-log.module.js';
import { AuthorizationsCommands } from './authorizations.commands.js';
import { AuthorizationsRepository } from './authorizations.repository.js';
import { AuthorizationsService } from './authorizations.service.js';

@Module({
  imports: [CredentialsModule, KeysModule, TokensModule, UseLogModule],
  providers: [AuthorizationsCommands, AuthorizationsRepository, AuthorizationsService],
})
export class AuthorizationsModule {}
