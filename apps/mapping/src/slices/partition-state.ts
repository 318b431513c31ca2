import type { PositionDocument, ReadingDocument } from '@rollcall/collections';

import type { PartitionName } from '../changes/positions-in-text.js';
import type { ReadingsRepository } from '../readings/readings.repository.js';
import type { Slice } from './slice.js';

/** Work on a partition is refused until a person acts; the message names the cure (B2). */
export class PartitionRefused extends Error {
  constructor(
    message: string,
    /** What was judged. */
    readonly position: PositionDocument,
  ) {
    super(message);
  }
}

interface Unpublished {
  readonly offset: number;
  readonly digest: string;
}

/**
 * What one consumer knows of a partition that it owns: its position, the readings of its integrations, and which
 * slices are committed but not known to be published. Nobody else writes these while the position's compare-and-set
 * holds, so they are kept in memory.
 */
export class PartitionState implements PartitionName {
  /** Keys given up by the slice committed last: who wants one and was planned meanwhile is planned again (B1). */
  readonly released = new Set<string>();
  readonly readings = new Map<string, ReadingDocument | null>();
  private readonly unpublished: Unpublished[] = [];

  constructor(
    readonly partition: number,
    public position: PositionDocument | null,
    private readonly repository: ReadingsRepository,
    private readonly time: () => Date,
    private readonly present?: string,
  ) {}

  /** Names the partition in ids of changes, together with its epoch. */
  get epoch(): number {
    return this.position?.epoch ?? 0;
  }

  /** Epoch of the records that changes are made in. */
  get records(): string | undefined {
    return this.position === null ? this.present : this.position.records;
  }

  get formerRecords(): readonly string[] | undefined {
    return this.position?.formerRecords;
  }

  async reading(integration: string): Promise<ReadingDocument | null> {
    let reading = this.readings.get(integration);
    if (reading === undefined) {
      reading = await this.repository.find(integration);
      this.readings.set(integration, reading);
    }
    return reading;
  }

  /** At or before the position: applied already, to be published again (B4). */
  isApplied(offset: number): boolean {
    if (this.position === null) return false;
    if (offset < this.position.offset) return true;
    return offset === this.position.offset && this.position.line === null;
  }

  /** Position after a slice. `line` = lines of a control message applied so far, null = all of it. */
  positionAfter(slice: Slice, line: number | null): PositionDocument {
    const oldest = this.unpublished[0] ?? slice.first;
    return {
      _id: this.partition,
      epoch: this.epoch,
      ...(this.records !== undefined && { records: this.records }),
      ...(this.formerRecords && { formerRecords: [...this.formerRecords] }),
      offset: slice.last.offset,
      digest: slice.last.digest,
      line,
      from: { offset: oldest.offset, digest: oldest.digest },
      refused: null,
      at: this.time(),
    };
  }

  committed(slice: Slice, position: PositionDocument): void {
    this.position = position;
    if (this.unpublished.at(-1)?.offset !== slice.first.offset) this.unpublished.push(slice.first);
  }

  published(slice: Slice): void {
    while (this.unpublished.length > 0 && this.unpublished[0]!.offset <= slice.first.offset) this.unpublished.shift();
  }
}
