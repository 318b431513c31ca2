import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError, errorText } from '@rollcall/contracts';
import { HealthRegistry, type Logger } from '@rollcall/observability';
import { ValueDigests } from '@rollcall/secrets';
import { LOGGER } from '@rollcall/service';

import { digestValues } from './digest-values.js';
import { endedWhileWaiting } from './keys.errors.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { reseal } from './reseal.js';

const check = 'key-encryption key';
const tryEveryMs = 2_000;

/**
 * Opens the keys before the first command is read. A key that is wrong or missing ends the start. A server of keys that
 * cannot be reached is waited for: /readyz says so, and who wants a secret waits too.
 */
@Injectable()
export class KeysOpening implements OnModuleDestroy {
  private isEnding = false;

  constructor(
    private readonly keys: KeysService,
    private readonly repository: KeysRepository,
    private readonly digests: ValueDigests,
    private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async open(): Promise<void> {
    const reason = await this.attempt();
    if (reason === null) return;
    this.logger.warn(`waiting for the key-encryption key: ${reason}`);
    let detail = reason;
    this.health.add(check, () => ({ ok: false, detail }));
    void this.wait((next) => {
      detail = next;
    });
  }

  onModuleDestroy(): void {
    this.isEnding = true;
    this.keys.giveUp(endedWhileWaiting());
  }

  /** Null when the keys are open, or why they cannot be opened yet. */
  private async attempt(): Promise<string | null> {
    try {
      await this.keys.open();
    } catch (error) {
      if (error instanceof AppError && error.code === 'key-provider-unavailable') return error.message;
      throw error;
    }
    await reseal(this.repository, this.keys, this.logger);
    await digestValues(this.repository, this.keys, this.digests, this.logger);
    return null;
  }

  private async wait(tell: (reason: string) => void): Promise<void> {
    try {
      for (;;) {
        await sleep(tryEveryMs, undefined, { ref: false });
        if (this.isEnding) return;
        const reason = await this.attempt();
        if (reason === null) break;
        tell(reason);
      }
      this.health.remove(check);
      this.logger.info('the key-encryption key is there; the vault works');
    } catch (error) {
      if (this.isEnding) return;
      // As at the start: nothing was written, and nothing can be done without the right key.
      this.logger.error(`credential-vault cannot start: ${errorText(error)}`);
      process.exit(1);
    }
  }
}
