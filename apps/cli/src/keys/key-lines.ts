import type { EncryptionKeys, KeyVerification } from '@rollcall/contracts';

/** Where the vault's keys come from, in words that go on with the name of the key. */
const origins = {
  file: 'the file',
  environment: '',
  transit: 'the transit engine key',
} as const;

/** One line for each key, and one for the rotation. */
export function statusLines({ keyEncryptionKey, dataKeys, rotation }: EncryptionKeys): string[] {
  const { provider, name } = keyEncryptionKey;
  const stale = dataKeys.filter(({ isWrappedByNewest }) => !isWrappedByNewest).length;
  return [
    `Key-encryption key: ${[origins[provider], name].filter((part) => part !== '').join(' ')}`,
    ...(stale === 0
      ? []
      : [`  ${stale} of ${dataKeys.length} data keys are not wrapped by it yet: run \`./rollcall keys rotate\`.`]),
    ...dataKeys.map(keyLine),
    rotationLine(rotation),
  ];
}

function keyLine(key: EncryptionKeys['dataKeys'][number]): string {
  const since = key.state === 'current' ? `since ${key.createdAt}` : `replaced ${key.retiredAt ?? 'earlier'}`;
  return `Data key ${key.id}: ${key.state}, ${since}\n  ${key.secrets} secrets, ${key.tokens} tokens under it`;
}

export function rotationLine(rotation: EncryptionKeys['rotation']): string {
  if (rotation === null) return 'No data key was replaced yet.';
  const { total, left, unreadable, finishedAt } = rotation;
  if (finishedAt !== null) return `Rotation: 100 %, all ${total} encrypted again (${finishedAt}).`;
  const stuck = unreadable === 0 ? '' : `; ${unreadable} do not open, \`./rollcall keys verify\` names them`;
  return `Rotation: ${percent(total, left)} %, ${total - left} of ${total} encrypted again${stuck}.`;
}

/** Rounded down, so that 100 is said at the end only. */
const percent = (total: number, left: number): number => Math.floor((100 * (total - left)) / total);

/** Nothing that can be done is left: finished, or what is left does not open. */
export function isOver({ rotation }: EncryptionKeys): boolean {
  return rotation === null || rotation.finishedAt !== null || rotation.left <= rotation.unreadable;
}

/** Every fault with what to do; empty when all is well. */
export function faultLines({ unreadableDataKeys, faults, unreadable, useLog }: KeyVerification): string[] {
  return [
    ...unreadableDataKeys.map(
      (id) => `Data key ${id} does not open: restore the vault's private database from a backup.`,
    ),
    ...faults.map(({ credential, name, field, reason }) => {
      const whose =
        name === null ? `a credential that does not exist (${credential})` : `credential "${name}" (${credential})`;
      return `Field ${field} of ${whose}: ${reason}. Enter it again, or restore a backup.`;
    }),
    ...more(unreadable - faults.length, 'fields'),
    ...useLog.faults.map(({ entry, reason }) => `Use log, ${entry}: ${reason}. Find out who writes to the database.`),
    ...more(useLog.broken - useLog.faults.length, 'entries of the use log'),
  ];
}

const more = (count: number, what: string): string[] => (count > 0 ? [`… and ${count} more ${what}.`] : []);
