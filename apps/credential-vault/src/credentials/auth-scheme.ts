import type { AuthScheme, CredentialType } from '@rollcall/contracts';

import type { Manifest, Manifests } from '../manifests.module.js';
import { missingSecret, unknownAuthScheme, unknownConnector, unknownSecret } from './credentials.errors.js';

/** @throws CredentialError unknown-connector */
export function manifestOf(manifests: Manifests, connector: string): Manifest {
  const manifest = Object.hasOwn(manifests, connector) ? manifests[connector] : undefined;
  if (!manifest) throw unknownConnector(connector);
  return manifest;
}

/** @throws CredentialError unknown-auth-scheme */
export function authSchemeOf(manifest: Manifest, type: CredentialType): AuthScheme {
  const scheme = manifest.authSchemes.find((offered) => offered.type === type);
  if (!scheme) {
    throw unknownAuthScheme(
      type,
      manifest.authSchemes.map((offered) => offered.type),
    );
  }
  return scheme;
}

/** @throws CredentialError unknown-secret */
export function checkNames(scheme: AuthScheme, names: readonly string[]): void {
  const unknown = names.filter((name) => !scheme.inputs.some((input) => input.name === name));
  if (unknown.length > 0) throw unknownSecret(unknown);
}

/** What forms call these fields. */
export function labelsOf(scheme: AuthScheme, names: readonly string[]): string[] {
  return names.map((name) => scheme.inputs.find((input) => input.name === name)?.label ?? name);
}

/**
 * Checks the names of the fields that a credential would have. Which value one has does not matter, a single space
 * counts (R6).
 * @throws CredentialError unknown-secret, missing-secret
 */
export function checkFields(scheme: AuthScheme, given: readonly string[]): void {
  checkNames(scheme, given);
  const missing = scheme.inputs.filter((input) => input.required && !given.includes(input.name));
  if (missing.length > 0) throw missingSecret(missing.map((input) => input.label));
  const { together = [] } = scheme;
  const absent = together.filter((name) => !given.includes(name));
  if (absent.length === 0 || absent.length === together.length) return;
  throw missingSecret(labelsOf(scheme, absent));
}
