/** `p07/000000000812`: where in raw-records a change comes from (C1). */
export function positionText(partition: number, offset: number): string {
  return `p${String(partition).padStart(2, '0')}/${String(offset).padStart(12, '0')}`;
}

/** `p07/000000000812/0003`. */
export function changeId(position: string, number: number): string {
  return `${position}/${String(number).padStart(4, '0')}`;
}

/** Position of what a command did: changes are numbered under it (C1). */
export function commandPosition(command: string): string {
  return `c/${command}`;
}
