import { Module } from '@nestjs/common';

import { WayOutModule } from '../way-out/way-out.module.js';
import { VaultLeasesService } from './vault-leases.service.js';
import { VendorAccess } from './vendor-access.js';

@Module({
  imports: [WayOutModule],
  providers: [VaultLeasesService, VendorAccess],
  exports: [VendorAccess],
})
export class LeasesModule {}
