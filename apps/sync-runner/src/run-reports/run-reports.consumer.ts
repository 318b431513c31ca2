import { Controller } from '@nestjs/common';
import { type RunReport, runReportSchema, runReportsTopic } from '@rollcall/contracts';
import {
  type BatchContext,
  BatchHandler,
  type ConsumedMessage,
  DeadLetters,
  type MessageBatch,
} from '@rollcall/messaging';

import { UndoneReportsService } from '../run-undo/undone-reports.service.js';
import { RunsService } from '../runs/runs.service.js';

export const runReportsGroup = 'sync-runner.run-reports';

/** Stores what mapping reports; the holder of the run, wherever it is, reads it there (A11). */
@Controller()
export class RunReportsConsumer {
  constructor(
    private readonly runs: RunsService,
    private readonly undone: UndoneReportsService,
    private readonly deadLetters: DeadLetters,
  ) {}

  @BatchHandler({ topic: runReportsTopic, group: runReportsGroup })
  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    for (const message of batch.messages) {
      if (!context.isCurrent()) return;
      const report = decode(message);
      if (report === null) await this.park(batch, message);
      else if (report.kind === 'undone') await this.undone.store(report);
      else await this.runs.storeReport(report);
      await context.commit(message.offset);
    }
  }

  private async park(batch: MessageBatch, message: ConsumedMessage): Promise<void> {
    await this.deadLetters.park([
      {
        topic: batch.topic,
        partition: batch.partition,
        group: runReportsGroup,
        message,
        code: 'not-a-report',
        reason: 'the value is not a report of a run',
      },
    ]);
  }
}

function decode(message: ConsumedMessage): RunReport | null {
  if (message.value === null) return null;
  try {
    const parsed = runReportSchema.safeParse(JSON.parse(message.value.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
