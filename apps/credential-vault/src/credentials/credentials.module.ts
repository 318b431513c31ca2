import { Module } from '@nestjs/common';

import { KeysModule } from '../keys/keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UseLogModule } from '../use-log/use-log.module.js';
import { CredentialUsesRepository } from './credential-uses.repository.js';
import { CredentialsCommands } from './credentials.commands.js';
import { CredentialsRepository } from './credentials.repository.js';
import { CredentialsService } from './credentials.service.js';
import { DraftsRepository } from './drafts.repository.js';
import { FieldChanges } from './field-changes.service.js';
import { SecretIntake } from './secret-intake.js';

@Module({
  imports: [KeysModule, TokensModule, UseLogModule],
  providers: [
    CredentialsCommands,
    CredentialsService,
    CredentialsRepository,
    CredentialUsesRepository,
    DraftsRepository,
    FieldChanges,
    SecretIntake,
  ],
  exports: [FieldChanges, SecretIntake],
})
export class CredentialsModule {}
