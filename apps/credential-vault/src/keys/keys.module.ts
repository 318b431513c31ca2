import { Module } from '@nestjs/common';
import { Leases } from '@rollcall/messaging';
import { type Logger, registerSecretValue } from '@rollcall/observability';
import {
  KeyEncryptionKey,
  onSecretUnwrapped,
  readSealPrivateKey,
  type SealKeyPair,
  unwrapSecret,
} from '@rollcall/secrets';
import { CONFIG, LOGGER } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { reseal } from './reseal.js';

/** The pair that senders seal secret fields of commands to (F5). */
export const SEAL_KEY = Symbol('seal key');

async function loadKek(config: VaultConfig): Promise<KeyEncryptionKey> {
  if (config.ROLLCALL_KEK_FILE !== undefined) return KeyEncryptionKey.fromFile(config.ROLLCALL_KEK_FILE);
  const text = config.ROLLCALL_KEK === undefined ? '' : unwrapSecret(config.ROLLCALL_KEK);
  return KeyEncryptionKey.parse(text, 'the environment variable ROLLCALL_KEK');
}

/** Asynchronous providers: a wrong key ends the start before the first command is read (P24). */
@Module({
  providers: [
    KeysRepository,
    {
      provide: KeysService,
      inject: [CONFIG, LOGGER, Leases, KeysRepository],
      useFactory: async (config: VaultConfig, logger: Logger, leases: Leases, repository: KeysRepository) => {
        // From the first unwrapped value on, the log redactor knows what must not be shown (P20).
        onSecretUnwrapped(registerSecretValue);
        const keys = await KeysService.open({ repository, kek: await loadKek(config), leases, logger });
        await reseal(repository, keys, logger);
        return keys;
      },
    },
    {
      provide: SEAL_KEY,
      inject: [CONFIG],
      useFactory: (config: VaultConfig): Promise<SealKeyPair> => readSealPrivateKey(config.ROLLCALL_KEYS_DIR),
    },
  ],
  exports: [KeysService, SEAL_KEY],
})
export class KeysModule {}
