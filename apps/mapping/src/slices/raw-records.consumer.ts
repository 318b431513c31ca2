import { Controller } from '@nestjs/common';
import { rawRecordsTopic } from '@rollcall/contracts';
import { type BatchContext, BatchHandler, type MessageBatch } from '@rollcall/messaging';

import { rawRecordsGroup } from '../positions/raw-records-group.js';
import { PartitionsService } from './partitions.service.js';

/** Consumer of raw-records: one batch of one partition at a time. */
@Controller()
export class RawRecordsConsumer {
  constructor(private readonly partitions: PartitionsService) {}

  @BatchHandler({
    topic: rawRecordsTopic,
    group: rawRecordsGroup,
    concurrency: 3,
    maxBytesPerPartition: 1_500_000,
    // The position goes from offset to offset, so it must pass over what nobody may act on.
    refused: 'delivered',
  })
  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    await this.partitions.consume(batch, context);
  }
}
