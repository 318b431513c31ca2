import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { CredentialCheckCommands } from './credential-check.commands.js';
import { CredentialCheckService } from './credential-check.service.js';
import { CredentialsRepository } from './credentials.repository.js';
import { InputChecksService } from './input-checks.service.js';

@Module({
  imports: [IntegrationsModule, VendorsModule],
  providers: [CredentialCheckCommands, CredentialCheckService, CredentialsRepository, InputChecksService],
})
export class InputChecksModule {}
