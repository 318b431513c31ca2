import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { HealthRegistry, type Metrics } from '@rollcall/observability';
import type { Response } from 'express';

import { METRICS } from './infrastructure.module.js';

/** Alive, ready, measured (architecture 12). Readiness never depends on a vendor. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(Databases) private readonly databases: Databases,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('healthz')
  alive(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res() response: Response): Promise<void> {
    const checks = { ...(await this.health.report()).checks, mongodb: await this.pingDatabase() };
    const ok = Object.values(checks).every((check) => check.ok);
    response.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not ready', checks });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async measured(): Promise<string> {
    return this.metrics.render();
  }

  private async pingDatabase(): Promise<{ ok: boolean; detail: string }> {
    try {
      await this.databases.ping();
      return { ok: true, detail: 'answers' };
    } catch {
      return { ok: false, detail: 'does not answer' };
    }
  }
}
