import { Inject, Injectable } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { Leases } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';

import { EveryInterval } from '../background/background-work.js';
import { LOGGER } from '../infrastructure.module.js';
import { RETENTION_RULES, type RetentionRules } from './retention-rules.js';

const everyMs = 60 * 60_000;
const leaseMs = 60_000;
const dayMs = 24 * 60 * 60_000;
/** Small enough that nobody waits for it, and that a lease outlives it. */
const batch = 500;

/** Deletes what is older than the settings keep it, a batch at a time, by the database's clock; one replica at a time. */
@Injectable()
export class RetentionService {
  constructor(
    @Inject(RETENTION_RULES) private readonly kept: RetentionRules,
    private readonly databases: Databases,
    private readonly leases: Leases,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One batch of each kind. True if there may be more. */
  @EveryInterval('retention', everyMs)
  async step(): Promise<boolean> {
    const due = this.kept.rules.filter(({ days }) => days !== undefined);
    if (due.length === 0 || !(await this.leases.take('retention', leaseMs))) return false;
    let isMore = false;
    for (const { kind, days, deleteBefore } of due) {
      const before = new Date(this.databases.timeMs() - days! * dayMs);
      const done = await deleteBefore(before, batch);
      if (done === 0) continue;
      isMore = true;
      this.logger.debug(`${kind} from before ${before.toISOString()}: ${done} looked at or deleted`);
    }
    return isMore;
  }
}
