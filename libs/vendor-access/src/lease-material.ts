import type { LeaseMaterial } from '@rollcall/contracts';
import { type OpenedLease, unwrapSecret } from '@rollcall/secrets';

/** Which secret, and which token made of it, a lease holds. */
export type Versions = Pick<LeaseMaterial, 'secretVersion' | 'tokenVersion'>;

export function versionsOf({ secretVersion, tokenVersion }: Versions): Versions {
  return { secretVersion, tokenVersion };
}

export function isSame(one: Versions, other: Versions): boolean {
  return one.secretVersion === other.secretVersion && one.tokenVersion === other.tokenVersion;
}

/** Unwrapped for the request that needs it; the result is held by nobody. */
export function materialOf({ fields, ...rest }: OpenedLease): LeaseMaterial {
  const plain = Object.entries(fields).map(([name, value]) => [name, unwrapSecret(value)] as const);
  return { ...rest, fields: Object.fromEntries(plain) };
}
