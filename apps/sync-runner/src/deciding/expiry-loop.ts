import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { HeldPlansService } from '../held-plans/held-plans.service.js';

const idleMs = 60_000;

/** An expired plan cannot be approved whether it says so or not; this makes it say so. */
@Injectable()
export class ExpiryLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(@Inject(HeldPlansService) plans: HeldPlansService, @Inject(LOGGER) logger: Logger) {
    this.loop = new Loop({ name: 'held plans', idleMs, logger, step: () => plans.expire() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
