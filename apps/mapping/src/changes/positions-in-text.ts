/** A partition of raw-records, and how often its topic was replaced by another one that a person accepted (B2). */
export interface PartitionName {
  readonly partition: number;
  readonly epoch: number;
}

/**
 * `p07/000000000812`: where in raw-records a change comes from (C1). Offsets of a recreated topic begin anew, so they
 * are told apart as `p07e1/000000000812`: an event id never stands for two things (I4).
 */
export function positionText({ partition, epoch }: PartitionName, offset: number): string {
  const name = `p${String(partition).padStart(2, '0')}${epoch === 0 ? '' : `e${epoch}`}`;
  return `${name}/${String(offset).padStart(12, '0')}`;
}

/** Position of what a command did: changes are numbered under it (C1). */
export function commandPosition(command: string): string {
  return `c/${command}`;
}
