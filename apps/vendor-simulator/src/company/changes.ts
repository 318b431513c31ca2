/** What happened to one account. `fields` holds old and new value of every wire field that differs. */
export interface AccountChange {
  readonly vendor: string;
  readonly kind: 'added' | 'removed' | 'suspended' | 'restored' | 'updated' | 'planted';
  readonly id: string;
  readonly personId: string | null;
  readonly username: string;
  readonly email: string;
  readonly fields?: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
}

export function differingFields(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, [unknown, unknown]> {
  const fields: Record<string, [unknown, unknown]> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) fields[key] = [before[key], after[key]];
  }
  return fields;
}
