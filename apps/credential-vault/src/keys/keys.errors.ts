import { AppError, errorText } from '@rollcall/contracts';

export type KeysErrorCode =
  | 'wrong-key-encryption-key'
  | 'key-encryption-key-missing'
  | 'key-provider-unavailable'
  | 'data-keys-missing'
  | 'data-keys-busy'
  | 'unknown-data-key';

/** Trouble with keys. Messages name ids and counts, never a key. */
export class KeysError extends AppError<KeysErrorCode> {}

/** @param foreign number of stored data keys that another key-encryption key wrapped */
export function wrongKeyEncryptionKey(foreign: number, stored: number): KeysError {
  const message =
    `The key-encryption key does not fit: ${foreign} of ${stored} stored data keys were wrapped by another one. ` +
    'Nothing was changed. Set ROLLCALL_KEK_FILE or ROLLCALL_KEK to the key that this vault was set up with; ' +
    'if it was replaced, set the key of before as well until `rollcall keys rotate` is done; ' +
    'if the database was restored or copied from elsewhere, bring the key of that installation along.';
  return new KeysError('wrong-key-encryption-key', message, { details: { foreign, stored } });
}

/** @param key where it is, in words */
export function doesNotOpen(key: string, dataKey: string): KeysError {
  const message =
    `The key-encryption key ${key} does not open data key ${dataKey}, which names it: it is another key of that name, ` +
    'or one of its versions was removed. Nothing was changed. Restore that key, or correct ROLLCALL_KEK_TRANSIT_URL and ROLLCALL_KEK_TRANSIT_KEY.';
  return new KeysError('wrong-key-encryption-key', message, { details: { dataKey } });
}

export function keyEncryptionKeyMissing(key: string, why: string): KeysError {
  const message =
    `The key-encryption key ${key} cannot be used: ${why}. The vault makes none by itself, and nothing was changed. ` +
    'Make it there as the guide on encryption keys says, or correct ROLLCALL_KEK_TRANSIT_KEY; if it was deleted, restore it from a backup.';
  return new KeysError('key-encryption-key-missing', message);
}

export function keyProviderUnavailable(key: string, cause: unknown): KeysError {
  const message =
    `The key-encryption key ${key} cannot be reached: ${errorText(cause)} ` +
    'It is tried again; see that the server runs and is unsealed, and that the token in ROLLCALL_KEK_TRANSIT_TOKEN_FILE is valid.';
  return new KeysError('key-provider-unavailable', message, { retriable: true });
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

/** The service ends while it still waits for its key-encryption key. */
export function endedWhileWaiting(): KeysError {
  const message = 'The vault ended before it had its keys. What was asked of it is done after its next start.';
  return new KeysError('key-provider-unavailable', message, { retriable: true });
}
