import { AppError } from '@rollcall/contracts';

export type KeysErrorCode = 'wrong-key-encryption-key' | 'data-keys-missing' | 'data-keys-busy' | 'unknown-data-key';

/** Trouble with keys. Messages name ids and counts, never a key. */
export class KeysError extends AppError<KeysErrorCode> {}

/** @param foreign number of stored data keys that another key-encryption key wrapped */
export function wrongKeyEncryptionKey(foreign: number, stored: number): KeysError {
  const message =
    `The key-encryption key does not fit: ${foreign} of ${stored} stored data keys were wrapped by another one. ` +
    'Nothing was changed. Set ROLLCALL_KEK_FILE or ROLLCALL_KEK to the key that this vault was set up with; ' +
    'if the database was restored or copied from elsewhere, bring the key of that installation along.';
  return new KeysError('wrong-key-encryption-key', message, { details: { foreign, stored } });
}

export function dataKeysMissing(): KeysError {
  const message =
    'The vault holds stored secrets but no data key, so part of its database is missing. Nothing was changed. ' +
    'Restore the private database of the vault from a backup; a new data key could not read any of these secrets.';
  return new KeysError('data-keys-missing', message);
}

export function dataKeysBusy(): KeysError {
  const message =
    'Another replica of the vault has been creating the first data key for half a minute. Look at its log, then start again.';
  return new KeysError('data-keys-busy', message);
}

export function unknownDataKey(id: string): KeysError {
  const message =
    `Data key ${id} is not stored in this vault. Enter the secret again, or restore the private database of the ` +
    'vault from a backup.';
  return new KeysError('unknown-data-key', message, { details: { dataKey: id } });
}
