import { Module } from '@nestjs/common';
import { VendorAccessModule } from '@rollcall/vendor-access';

import type { SyncRunnerConfig } from '../config.js';
import { VendorsService } from './vendors.service.js';

const vendorAccess = VendorAccessModule.for((config: SyncRunnerConfig) => ({
  actor: 'sync-runner',
  openWaitMs: config.VAULT_WAIT_MS,
  renewWaitMs: 60_000,
  advice: {
    whenVaultIsAway: 'Nobody was deactivated. Look whether credential-vault runs; the next run tries again.',
    whenCredentialMoved: 'Users of two places could have been mixed. Nobody was deactivated. Run again.',
  },
}));

@Module({ imports: [vendorAccess], providers: [VendorsService], exports: [VendorsService] })
export class VendorsModule {}
