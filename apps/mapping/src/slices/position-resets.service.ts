import { Injectable } from '@nestjs/common';
import { type InputOf, rawRecordsTopic, type resetPositions, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, KafkaConnection, partitionBounds } from '@rollcall/messaging';

import { PositionsRepository } from '../positions/positions.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { PartitionsService } from './partitions.service.js';

/** The cure for a recreated topic (B2): accept it as it is, and let every open run start over. */
@Injectable()
export class PositionResetsService {
  constructor(
    private readonly kafka: KafkaConnection,
    private readonly positions: PositionsRepository,
    private readonly readings: ReadingsRepository,
    private readonly partitions: PartitionsService,
  ) {}

  async reset(
    _input: InputOf<typeof resetPositions>,
    { session, afterCommit }: CommandContext,
  ): Promise<ResultOf<typeof resetPositions>> {
    const bounds = await partitionBounds(this.kafka, rawRecordsTopic);
    const all = await this.positions.all(session);
    const refused = all.filter(
      ({ _id, offset, refused: why }) => why !== null || (bounds.get(_id)?.high ?? 0) <= offset,
    );
    for (const position of refused) {
      await this.positions.accept(session, position);
      await this.readings.taint(
        session,
        { partition: position._id, integration: null },
        {
          code: 'topic-recreated',
          message: 'The raw-records topic was recreated during this run. Start the run again.',
        },
      );
    }
    afterCommit(() => this.partitions.lookAtPositions());
    return { partitions: refused.map((position) => position._id).sort((a, b) => a - b) };
  }
}
