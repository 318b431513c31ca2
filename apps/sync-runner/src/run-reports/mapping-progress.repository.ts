import { Injectable } from '@nestjs/common';
import {
  Databases,
  type PositionDocument,
  positions,
  type ReadingDocument,
  readings,
  type RunDocument,
} from '@rollcall/collections';
import type { RunReport } from '@rollcall/contracts';
import type { Model } from 'mongoose';

/** How far mapping is with a run. */
export interface MappingProgress {
  /** The report, if mapping has made it: stored there in the transaction that it belongs to. */
  readonly report: RunReport | null;
  /** Mapping reads this run under its present generation. */
  readonly isOurs: boolean;
  /** Differs from an earlier one when mapping did anything in the partition of the run. */
  readonly mark: string;
}

/** What mapping publishes of its way through a partition. */
@Injectable()
export class MappingProgressRepository {
  private readonly readings: Model<ReadingDocument>;
  private readonly positions: Model<PositionDocument>;

  constructor(databases: Databases) {
    this.readings = databases.model(readings);
    this.positions = databases.model(positions);
  }

  async of(run: RunDocument, kind: 'mapped' | 'swept'): Promise<MappingProgress> {
    const reading = await this.readings.findOne({ _id: run.integration }).lean();
    const position = await this.positions.findOne({ _id: run.partition }).lean();
    const isOurs = reading !== null && reading.run === run._id && reading.generation === run.generation;
    return {
      report: isOurs ? reading[kind] : null,
      isOurs: isOurs && reading.state !== 'aborted',
      mark: JSON.stringify([reading?.generation, reading?.state, position?.epoch, position?.offset, position?.line]),
    };
  }
}
