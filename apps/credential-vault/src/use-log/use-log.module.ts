import { Module } from '@nestjs/common';
import { DigestKey, ValueDigests } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { UseLogRepository } from './use-log.repository.js';
import { UseLogService } from './use-log.service.js';
import { UseLogVerification } from './use-log-verification.js';

@Module({
  providers: [
    UseLogRepository,
    UseLogService,
    UseLogVerification,
    {
      provide: DigestKey,
      inject: [CONFIG],
      useFactory: (config: VaultConfig): Promise<DigestKey> => DigestKey.load(config.ROLLCALL_KEYS_DIR),
    },
    {
      provide: ValueDigests,
      inject: [CONFIG],
      useFactory: (config: VaultConfig): Promise<ValueDigests> => ValueDigests.load(config.ROLLCALL_KEYS_DIR),
    },
  ],
  exports: [DigestKey, UseLogService, UseLogVerification, ValueDigests],
})
export class UseLogModule {}
