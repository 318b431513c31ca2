import {
  accessTokenField,
  type AuthPlacement,
  type AuthScheme,
  type ConnectorManifest,
  type LeaseMaterial,
} from '@rollcall/contracts';

import { VendorError } from './vendor-error.js';

/** The parts of a request that authorization adds to. */
export interface Authorized {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string | number>>;
}

// Visible ASCII, space and Latin-1 as RFC 9110 allows; a line break would start another header.
const headerValue = /^[\x20-\x7e\x80-\xff]*$/;
/** Shorter secrets (a single space is a legal password, R6) would be found in ordinary text. */
const shortestScrubbed = 6;

function rejected(what: string): VendorError {
  return new VendorError('vendor-auth-rejected', `The credential cannot be used: ${what}. Enter it again.`);
}

function schemeOf(manifest: ConnectorManifest, lease: LeaseMaterial): AuthScheme {
  const scheme = manifest.authSchemes.find(({ type }) => type === lease.type);
  if (scheme === undefined) throw rejected(`${manifest.name} has no sign-in of its type`);
  return scheme;
}

function fieldOf(lease: LeaseMaterial, name: string): string {
  const value = Object.hasOwn(lease.fields, name) ? lease.fields[name] : undefined;
  if (value === undefined || value === '') throw rejected(`its field "${name}" is empty`);
  return value;
}

/** The name of the field to send: the first, unless it was left empty and there is another. */
function givenOf(lease: LeaseMaterial, field: string, orField: string | undefined): string {
  return orField !== undefined && (lease.fields[field] ?? '') === '' ? orField : field;
}

function headerOf(lease: LeaseMaterial, name: string): string {
  const value = fieldOf(lease, name);
  if (!headerValue.test(value)) throw rejected(`its field "${name}" holds characters that cannot travel in a header`);
  return value;
}

function bodyValue(text: string, as: 'string' | 'integer-if-digits'): string | number {
  return as === 'integer-if-digits' && /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function placed(placement: AuthPlacement, lease: LeaseMaterial): Partial<Authorized> {
  switch (placement.kind) {
    case 'basic': {
      const pair = `${fieldOf(lease, placement.username)}:${fieldOf(lease, placement.password)}`;
      return { headers: { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` } };
    }
    case 'header':
      return { headers: { [placement.name.toLowerCase()]: headerOf(lease, placement.field) } };
    case 'bearer':
      return { headers: { authorization: `Bearer ${headerOf(lease, placement.field)}` } };
    case 'query':
      return { query: { [placement.name]: fieldOf(lease, placement.field) } };
    case 'body': {
      const fields = Object.entries(placement.fields);
      return {
        body: Object.fromEntries(
          fields.map(([key, { field, orField, as }]) => [
            key,
            bodyValue(fieldOf(lease, givenOf(lease, field, orField)), as),
          ]),
        ),
      };
    }
  }
}

/**
 * Headers, query and body fields that carry the credential, as the manifest places them.
 * @throws VendorError `vendor-auth-rejected` when a field is missing or cannot travel; never names a value.
 */
export function authorizationOf(manifest: ConnectorManifest, lease: LeaseMaterial): Authorized {
  return { headers: {}, query: {}, body: {}, ...placed(schemeOf(manifest, lease).placement, lease) };
}

/** A secret as an answer may hold it: as it is, in JSON (with and without escaped slashes), in a URL, in a form. */
function echoesOf(secret: string): Set<string> {
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams({ v: secret }).toString().slice(2);
  return new Set([secret, json, json.replaceAll('/', '\\/'), form, form.replaceAll('+', '%20')]);
}

/** The values of a lease that must not be seen anywhere: secret inputs, and the token that stands for them. */
export function secretsOf(manifest: ConnectorManifest, lease: LeaseMaterial): string[] {
  const names = schemeOf(manifest, lease).inputs.flatMap(({ name, secret }) => (secret ? [name] : []));
  return [...names, accessTokenField].flatMap((name) => lease.fields[name] ?? []);
}

/** A vendor may repeat what it was sent; its words go into messages and records, so secrets are cut out of them. */
export function withoutSecrets(text: string, manifest: ConnectorManifest, lease: LeaseMaterial): string {
  let clean = text;
  for (const value of secretsOf(manifest, lease)) {
    if (value.length < shortestScrubbed) continue;
    for (const echo of echoesOf(value)) {
      if (clean.includes(echo)) clean = clean.replaceAll(echo, '[secret]');
    }
  }
  return clean;
}
