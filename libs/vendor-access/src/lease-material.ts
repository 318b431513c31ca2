import { authSchemeFor, type ConnectorManifest, type LeaseMaterial, secretHeaderValues } from '@rollcall/contracts';
import { markPlainFields, noteSecretInUse, type OpenedLease, unwrapSecret } from '@rollcall/secrets';

/** Which secret, and which token made of it, a lease holds. */
export type Versions = Pick<LeaseMaterial, 'secretVersion' | 'tokenVersion'>;

export function versionsOf({ secretVersion, tokenVersion }: Versions): Versions {
  return { secretVersion, tokenVersion };
}

export function isSame(one: Versions, other: Versions): boolean {
  return one.secretVersion === other.secretVersion && one.tokenVersion === other.tokenVersion;
}

/**
 * Unwrapped for the request that needs it; the result is held by nobody. Logs show none of its secrets from now on, nor the
 * secret headers among its fields; what the connector declares to be no secret they go on showing.
 */
export function materialOf({ fields, ...rest }: OpenedLease, manifest: ConnectorManifest): LeaseMaterial {
  const scheme = rest.connector === manifest.id ? authSchemeFor(manifest, rest) : undefined;
  markPlainFields(Object.entries(fields), scheme?.inputs);
  const plain = Object.entries(fields).map(([name, value]) => [name, unwrapSecret(value)] as const);
  const material = { ...rest, fields: Object.fromEntries(plain) };
  secretHeaderValues(material.fields[scheme?.headersInput ?? ''] ?? '', scheme).forEach(noteSecretInUse);
  return material;
}
