import {
  advancedSchemes,
  type AuthScheme,
  authSchemeFor,
  type CredentialRecord,
  headerNameFault,
  type Input,
  readHeaderLines,
} from '@rollcall/contracts';
import { type SecretString, unwrapSecret } from '@rollcall/secrets';

import type { Manifest, Manifests } from '../manifests.module.js';
import {
  invalidSecret,
  missingSecret,
  unknownAuthScheme,
  unknownConnector,
  unknownSecret,
} from './credentials.errors.js';

/** @throws CredentialError unknown-connector */
export function manifestOf(manifests: Manifests, connector: string): Manifest {
  const manifest = Object.hasOwn(manifests, connector) ? manifests[connector] : undefined;
  if (!manifest) throw unknownConnector(connector);
  return manifest;
}

/** @throws CredentialError unknown-auth-scheme */
export function authSchemeOf(manifest: Manifest, credential: Pick<CredentialRecord, 'type' | 'advanced'>): AuthScheme {
  const scheme = authSchemeFor(manifest, credential);
  if (!scheme) {
    const offered = credential.advanced ? advancedSchemes : manifest.authSchemes;
    throw unknownAuthScheme(
      credential.type,
      offered.map(({ type }) => type),
    );
  }
  return scheme;
}

/** The names of fields as people give them: what the vendor gives is no field of a form. @throws CredentialError unknown-secret */
export function checkNames(scheme: AuthScheme, names: readonly string[]): void {
  const isKnown = (name: string) => scheme.inputs.some((input) => input.name === name && input.fromVendor !== true);
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0) throw unknownSecret(unknown);
}

/** What forms call these fields. */
export function labelsOf(scheme: AuthScheme, names: readonly string[]): string[] {
  return names.map((name) => inputOf(scheme, name)?.label ?? name);
}

function inputOf({ inputs }: AuthScheme, name: string): Input | undefined {
  return inputs.find((input) => input.name === name);
}

/**
 * Checks the fields that a credential would have. A value is only judged where it is more than a secret; anything counts as
 * a password, a single space too (R6).
 * @throws CredentialError missing-secret, invalid-secret
 */
export function checkFields(scheme: AuthScheme, given: ReadonlyMap<string, SecretString>): void {
  const missing = scheme.inputs.filter((input) => input.required && !given.has(input.name));
  if (missing.length > 0) throw missingSecret(missing.map((input) => input.label));
  const { together = [] } = scheme;
  const absent = together.filter((name) => !given.has(name));
  if (absent.length > 0 && absent.length < together.length) throw missingSecret(labelsOf(scheme, absent));
  for (const [name, value] of given) {
    const input = inputOf(scheme, name);
    const fault = input === undefined ? null : faultOf(scheme, input, value, given);
    if (fault !== null) throw invalidSecret(input?.label ?? name, fault);
  }
}

/** What is wrong with a value, in words that do not hold it. */
function faultOf(
  scheme: AuthScheme,
  { name, options }: Input,
  secret: SecretString,
  given: ReadonlyMap<string, SecretString>,
): string | null {
  if (options !== undefined && !options.includes(unwrapSecret(secret))) return `it is one of ${options.join(', ')}`;
  if (name === scheme.headersInput) {
    const read = readHeaderLines(unwrapSecret(secret));
    return typeof read === 'string' ? read : null;
  }
  const { placement } = scheme;
  if (placement.kind !== 'named' || placement.name !== name) return null;
  const place = given.get(placement.in);
  const isHeader = place === undefined || unwrapSecret(place) === 'header';
  return isHeader ? headerNameFault(unwrapSecret(secret).trim()) : null;
}
