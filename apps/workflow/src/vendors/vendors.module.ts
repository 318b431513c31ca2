import { Module } from '@nestjs/common';
import { connectors } from '@rollcall/connectors';

import { LeasesService } from '../leases/leases.service.js';
import { RecordsModule } from '../records/records.module.js';
import { CONNECTORS } from './connectors.js';
import { VendorPlaces } from './vendor-places.service.js';
import { VendorSessions } from './vendor-sessions.service.js';
import { WayOut } from './way-out.service.js';

@Module({
  imports: [RecordsModule],
  providers: [{ provide: CONNECTORS, useValue: connectors }, LeasesService, VendorPlaces, VendorSessions, WayOut],
  exports: [CONNECTORS, VendorPlaces, VendorSessions],
})
export class VendorsModule {}
