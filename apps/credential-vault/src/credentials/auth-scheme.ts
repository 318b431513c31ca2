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

/**
 * Checks the names of the given fields. Which value one has does not matter, a single space counts (R6).
 * @throws CredentialError unknown-secret, missing-secret
 */
export function checkFields(scheme: AuthScheme, given: readonly string[]): void {
  const unknown = given.filter((name) => !scheme.inputs.some((input) => input.name === name));
  if (unknown.length > 0) throw unknownSecret(unknown);
  const missing = scheme.inputs.filter((input) => input.required && !given.includes(input.name));
  if (missing.length > 0) throw missingSecret(missing.map((input) => input.label));
  const { together = [] } = scheme;
  const absent = together.filter((name) => !given.includes(name));
  if (absent.length === 0 || absent.length === together.length) return;
  throw missingSecret(scheme.inputs.filter(({ name }) => absent.includes(name)).map(({ label }) => label));
}
