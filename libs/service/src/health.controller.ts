import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { HealthRegistry, type Metrics } from '@rollcall/observability';
import type { Response } from 'express';

import { METRICS } from './infrastructure.module.js';

/** Alive, ready, measured (architecture 12). Readiness never depends on a vendor. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthRegistry,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('healthz')
  alive(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res() response: Response): Promise<void> {
    const { ready, checks } = await this.health.report();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async measured(): Promise<string> {
    return this.metrics.render();
  }
}
