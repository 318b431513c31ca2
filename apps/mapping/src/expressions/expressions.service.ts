import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { runLimits, sampleLimits } from './limits.js';
import { type ExpressionEvaluator, ProcessOfExpressions } from './process-of-expressions.js';

/** The processes of this service for expressions. What a person tries out waits for no run, and no run for it. */
@Injectable()
export class ExpressionsService implements OnApplicationShutdown {
  readonly forRuns: ExpressionEvaluator & { end(): Promise<void> };
  readonly forSamples: ExpressionEvaluator & { end(): Promise<void> };

  constructor(@Inject(LOGGER) logger: Logger) {
    this.forRuns = new ProcessOfExpressions(runLimits, logger);
    this.forSamples = new ProcessOfExpressions(sampleLimits, logger);
  }

  /** After the consumers, which finish their slices first. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.forRuns.end(), this.forSamples.end()]);
  }
}
