import {
  accessTokenField,
  type AuthPlacement,
  type AuthScheme,
  authSchemeFor,
  type ConnectorManifest,
  headerNameFault,
  headerValues,
  type LeaseMaterial,
  readHeaderLines,
  secretHeaderValues,
  withoutEchoes,
} from '@rollcall/contracts';

import { type VendorAnswer } from './connector.js';
import { type AwsSigning } from './ports.js';
import { VendorError } from './vendor-error.js';

/** The parts of a request that authorization adds to. */
export interface Authorized {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string | number>>;
  /** What the whole request is signed with, null when it is not. */
  readonly sign: AwsSigning | null;
}

// Visible ASCII, space and Latin-1 as RFC 9110 allows; a line break would start another header.
const headerValue = /^[\x20-\x7e\x80-\xff]*$/;

function rejected(what: string): VendorError {
  return new VendorError('vendor-auth-rejected', `The credential cannot be used: ${what}. Enter it again.`);
}

function schemeOf(manifest: ConnectorManifest, lease: LeaseMaterial): AuthScheme {
  const scheme = authSchemeFor(manifest, lease);
  if (scheme === undefined) throw rejected(`${manifest.name} has no sign-in of its type`);
  return scheme;
}

function fieldOf(lease: LeaseMaterial, name: string): string {
  const value = Object.hasOwn(lease.fields, name) ? lease.fields[name] : undefined;
  if (value === undefined || value === '') throw rejected(`its field "${name}" is empty`);
  return value;
}

function hasField(lease: LeaseMaterial, name: string): boolean {
  return (lease.fields[name] ?? '') !== '';
}

/** The name of the field to send: the first, unless it was left empty and there is another. */
function givenOf(lease: LeaseMaterial, field: string, orField: string | undefined): string {
  return orField !== undefined && !hasField(lease, field) ? orField : field;
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
    case 'named':
      return named(placement, lease);
    case 'none':
      return {};
    case 'aws-signature':
      return { sign: signingOf(placement, lease) };
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

/** Where the person who entered it wants it. Nothing said: in a header. */
function named(
  { name: nameField, field, in: place }: Extract<AuthPlacement, { kind: 'named' }>,
  lease: LeaseMaterial,
): Partial<Authorized> {
  const name = fieldOf(lease, nameField).trim();
  const where = lease.fields[place] || 'header';
  if (where === 'query') return { query: { [name]: fieldOf(lease, field) } };
  if (where === 'body') return { body: { [name]: fieldOf(lease, field) } };
  const fault = headerNameFault(name);
  if (fault !== null) throw rejected(fault);
  return { headers: { [name.toLowerCase()]: headerOf(lease, field) } };
}

function signingOf(placement: Extract<AuthPlacement, { kind: 'aws-signature' }>, lease: LeaseMaterial): AwsSigning {
  return {
    accessKeyId: headerOf(lease, placement.accessKeyId).trim(),
    secretAccessKey: fieldOf(lease, placement.secretAccessKey).trim(),
    sessionToken: hasField(lease, placement.sessionToken) ? headerOf(lease, placement.sessionToken).trim() : '',
    region: headerOf(lease, placement.region).trim(),
    service: headerOf(lease, placement.service).trim(),
  };
}

/** Headers beside the placement, as they were entered. */
function furtherHeaders({ headersInput }: AuthScheme, lease: LeaseMaterial): Record<string, string> {
  const lines = headersInput === undefined ? [] : readHeaderLines(lease.fields[headersInput] ?? '');
  if (typeof lines === 'string') throw rejected(`of its headers, ${lines}`);
  return Object.fromEntries(lines.map(({ name, value }) => [name.toLowerCase(), value]));
}

/**
 * Headers, query and body fields that carry the credential, as the manifest places them.
 * @throws VendorError `vendor-auth-rejected` when a field is missing or cannot travel; never names a value.
 */
export function authorizationOf(manifest: ConnectorManifest, lease: LeaseMaterial): Authorized {
  const scheme = schemeOf(manifest, lease);
  const { headers, ...rest } = placed(scheme.placement, lease);
  return { query: {}, body: {}, sign: null, ...rest, headers: { ...furtherHeaders(scheme, lease), ...headers } };
}

/** The values of a lease that must not be seen anywhere: secret inputs, and the token that stands for them. */
export function secretsOf(manifest: ConnectorManifest, lease: LeaseMaterial): string[] {
  const scheme = schemeOf(manifest, lease);
  return [...secretFieldsOf(scheme, lease), ...secretHeaderValues(headersOf(scheme, lease), scheme)];
}

/**
 * A vendor may repeat what it was sent; its words go into messages and records, so secrets are cut out of them. Of an answer that
 * is an error no header is wanted, whatever its name; in data a value like the name of a tenant stays.
 */
export function withoutSecrets(
  { text, status }: Pick<VendorAnswer, 'text' | 'status'>,
  manifest: ConnectorManifest,
  lease: LeaseMaterial,
): string {
  const scheme = schemeOf(manifest, lease);
  const headers = headersOf(scheme, lease);
  const ofHeaders = status >= 400 ? headerValues(headers) : secretHeaderValues(headers, scheme);
  return withoutEchoes(text, [...secretFieldsOf(scheme, lease), ...ofHeaders]);
}

function secretFieldsOf({ inputs }: AuthScheme, lease: LeaseMaterial): string[] {
  const names = inputs.flatMap(({ name, secret }) => (secret ? [name] : []));
  return [...names, accessTokenField].flatMap((name) => lease.fields[name] ?? []);
}

const headersOf = ({ headersInput }: AuthScheme, lease: LeaseMaterial): string =>
  headersInput === undefined ? '' : (lease.fields[headersInput] ?? '');
