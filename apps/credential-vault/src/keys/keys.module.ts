import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Leases } from '@rollcall/messaging';
import { HealthRegistry, type Logger, registerSecretValue } from '@rollcall/observability';
import { onSecretUnwrapped, readSealPrivateKey, type SealKeyPair, ValueDigests } from '@rollcall/secrets';
import { CONFIG, LOGGER } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { UseLogModule } from '../use-log/use-log.module.js';
import { KeyProviders } from './key-providers.js';
import { KeyReport } from './key-report.js';
import { KeysCommands } from './keys.commands.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { KeysOpening } from './keys-opening.js';
import { RotationRepository } from './rotation.repository.js';
import { RotationService } from './rotation.service.js';
import { VerificationRepository } from './verification.repository.js';
import { VerificationService } from './verification.service.js';

/** The pair that senders seal secret fields of commands to (F5). */
export const SEAL_KEY = Symbol('seal key');

/** Asynchronous providers: a wrong key ends the start before the first command is read (P24). */
@Module({
  imports: [UseLogModule],
  providers: [
    KeysRepository,
    {
      provide: KeyProviders,
      inject: [CONFIG],
      useFactory: (config: VaultConfig): Promise<KeyProviders> => {
        // From the first unwrapped value on, the log redactor knows what must not be shown (P20).
        onSecretUnwrapped(registerSecretValue);
        return KeyProviders.load(config);
      },
    },
    {
      provide: KeysService,
      inject: [KeyProviders, LOGGER, Leases, KeysRepository],
      useFactory: (providers: KeyProviders, logger: Logger, leases: Leases, repository: KeysRepository) =>
        new KeysService({ providers, logger, leases, repository }),
    },
    {
      provide: KeysOpening,
      inject: [KeysService, KeysRepository, ValueDigests, HealthRegistry, LOGGER],
      useFactory: async (
        keys: KeysService,
        repository: KeysRepository,
        digests: ValueDigests,
        health: HealthRegistry,
        logger: Logger,
      ) => {
        const opening = new KeysOpening(keys, repository, digests, health, logger);
        await opening.open();
        return opening;
      },
    },
    RotationRepository,
    RotationService,
    KeyReport,
    VerificationRepository,
    VerificationService,
    KeysCommands,
    {
      provide: SEAL_KEY,
      inject: [CONFIG],
      useFactory: (config: VaultConfig): Promise<SealKeyPair> => readSealPrivateKey(config.ROLLCALL_KEYS_DIR),
    },
  ],
  exports: [KeysService, SEAL_KEY],
})
export class KeysModule implements OnApplicationShutdown {
  constructor(private readonly providers: KeyProviders) {}

  async onApplicationShutdown(): Promise<void> {
    await this.providers.close();
  }
}
