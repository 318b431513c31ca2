import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { WatchesService } from './watches.service.js';

const idleMs = 2_000;

/** Looks at the watches every few seconds, so that a dead sync-runner is noticed too (R53). */
@Injectable()
export class WatchLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(@Inject(WatchesService) watches: WatchesService, @Inject(LOGGER) logger: Logger) {
    const step = async (): Promise<boolean> => {
      await watches.judgeDue();
      return false;
    };
    this.loop = new Loop({ name: 'watches', idleMs, logger, step });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
