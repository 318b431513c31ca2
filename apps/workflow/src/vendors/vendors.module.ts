import { Module } from '@nestjs/common';
import { connectors } from '@rollcall/connectors';

import { LeasesService } from '../leases/leases.service.js';
import { CONNECTORS } from './connectors.js';
import { VendorSessions } from './vendor-sessions.service.js';
import { WayOut } from './way-out.service.js';

@Module({
  providers: [{ provide: CONNECTORS, useValue: connectors }, LeasesService, VendorSessions, WayOut],
  exports: [CONNECTORS, VendorSessions],
})
export class VendorsModule {}
