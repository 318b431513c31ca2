/**
 * A partition of raw-records, how often its topic was replaced by another one that a person accepted (B2), and in which
 * epoch of the records its messages are applied (ADR 0021).
 */
export interface PartitionName {
  readonly partition: number;
  readonly epoch: number;
  /** Absent before there were epochs of the records. */
  readonly records?: string | undefined;
  /** Epochs before it, '' for none: some of the messages that are replayed may have been applied in one of them. */
  readonly formerRecords?: readonly string[] | undefined;
}

/**
 * `p07-0mb4c1x9zq3f/000000000812`: where in raw-records a change comes from (C1). Offsets of a recreated topic begin anew, so
 * they are told apart as `p07e1`; and after a restore the same message is applied again, in another epoch. So an event id
 * never stands for two things (I4).
 */
export function positionText({ partition, epoch, records }: PartitionName, offset: number): string {
  const name = `p${String(partition).padStart(2, '0')}${epoch === 0 ? '' : `e${epoch}`}`;
  return `${name}${suffix(records)}/${String(offset).padStart(12, '0')}`;
}

/** Every text under which a message at `offset` may have been applied. */
export function positionTexts(name: PartitionName, offset: number): string[] {
  const { partition, epoch, records, formerRecords = [] } = name;
  return [...formerRecords, records].map((one) => positionText({ partition, epoch, records: one }, offset));
}

/** Position of what a command did: changes are numbered under it (C1). */
export function commandPosition(command: string, records?: string): string {
  return `c${suffix(records)}/${command}`;
}

function suffix(records: string | undefined): string {
  return records === undefined || records === '' ? '' : `-${records}`;
}
