import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { CONFIG, LOGGER } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { UndoingService } from './undoing.service.js';

@Injectable()
export class UndoLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    @Inject(UndoingService) undoing: UndoingService,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) config: SyncRunnerConfig,
  ) {
    this.loop = new Loop({ name: 'undo', idleMs: config.TICK_MS, logger, step: () => undoing.sendNext() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
