import { Module } from '@nestjs/common';

import { WayOutModule } from '../way-out/way-out.module.js';
import { CredentialCheckCommands } from './credential-check.commands.js';
import { CredentialCheckService } from './credential-check.service.js';
import { CredentialsRepository } from './credentials.repository.js';
import { VaultLeasesService } from './vault-leases.service.js';
import { VendorAccess } from './vendor-access.js';

@Module({
  imports: [WayOutModule],
  providers: [CredentialCheckCommands, CredentialCheckService, CredentialsRepository, VaultLeasesService, VendorAccess],
  exports: [VendorAccess],
})
export class LeasesModule {}
