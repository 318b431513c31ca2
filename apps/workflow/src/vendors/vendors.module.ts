import { Module } from '@nestjs/common';
import { connectors } from '@rollcall/connectors';
import { VendorAccessModule } from '@rollcall/vendor-access';

import { RecordsModule } from '../records/records.module.js';
import { AcceptedSecrets } from './accepted-secrets.service.js';
import { CONNECTORS } from './connectors.js';
import { VendorPlaces } from './vendor-places.service.js';
import { VendorSessions } from './vendor-sessions.service.js';

/** A step waits for an absent vault by being tried again, not by holding its run. */
const answerWithinMs = 5_000;

const vendorAccess = VendorAccessModule.for(() => ({
  actor: 'workflow',
  openWaitMs: answerWithinMs,
  renewWaitMs: answerWithinMs,
  advice: {
    whenVaultIsAway: 'The step is tried again as soon as it does.',
    whenCredentialMoved: 'Nothing more was sent to the old one. Check the address of the credential.',
  },
}));

@Module({
  imports: [RecordsModule, vendorAccess],
  providers: [{ provide: CONNECTORS, useValue: connectors }, AcceptedSecrets, VendorPlaces, VendorSessions],
  exports: [CONNECTORS, VendorPlaces, VendorSessions],
})
export class VendorsModule {}
