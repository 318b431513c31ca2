import { Inject, Injectable } from '@nestjs/common';
import { readSealPublicKey } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';

/** The vault's public key, out of the key directory. Read when first needed, so that reading works without it. */
@Injectable()
export class VaultKey {
  private key: Promise<string> | null = null;

  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  /** Raw point in base64url. @throws SecretsError key-missing, key-malformed; tried again the next time */
  async publicKey(): Promise<string> {
    this.key ??= readSealPublicKey(this.config.ROLLCALL_KEYS_DIR);
    try {
      return await this.key;
    } catch (error) {
      this.key = null;
      throw error;
    }
  }
}
