import type { VendorRequest } from '../vendor.js';
import { compileFilter, type Predicate } from './filter.js';
import { decodeToken, type Position, positionSchema } from './page-token.js';
import { DEFAULT_SELECT, NOT_IN_LISTS, PROPERTIES } from './properties.js';
import { badRequest, forbidden, GraphRefusal, unsupportedQuery } from './replies.js';

const DEFAULT_TOP = 100;
const LARGEST_TOP = 999;
/** Who asks for the last sign-in gets smaller pages. */
const LARGEST_TOP_WITH_SIGN_IN = 500;
const SIGN_IN = 'signInActivity';

export interface Selection {
  /** Null: nothing was selected. */
  readonly asked: readonly string[] | null;
  readonly properties: readonly string[];
}

export interface Order {
  readonly property: 'displayName' | 'userPrincipalName';
  readonly sign: 1 | -1;
}

/** A request for a list of users, understood. */
export interface Listing {
  readonly selection: Selection;
  readonly top: number;
  readonly filter: { readonly text: string; readonly holds: Predicate } | null;
  readonly order: Order | null;
  /** The count is told on the first page of an advanced query that asks for it. */
  readonly tellsCount: boolean;
  /** Null on the first page. */
  readonly position: Position | null;
  /** All options but the position, as the next page's address repeats them. */
  readonly options: string;
}

export const isEventual = (request: VendorRequest): boolean =>
  request.header('consistencylevel')?.toLowerCase() === 'eventual';

/** `GET /users`. @throws GraphRefusal */
export function listingOf(request: VendorRequest): Listing {
  const { query } = request;
  checkOptions(query);
  const selection = selectionOf(query);
  const hidden = selection.asked?.find((name) => NOT_IN_LISTS.has(name));
  if (hidden !== undefined) throw new GraphRefusal(501, 'NotImplemented', `${hidden} cannot be selected in a list.`);
  const hasCount = flagOf(query, '$count');
  const isAdvanced = hasCount && isEventual(request);
  if (isAdvanced) checkAddress(request);
  const filter = filterOf(query, isAdvanced);
  return {
    selection,
    top: topOf(query, selection.asked?.includes(SIGN_IN) ? LARGEST_TOP_WITH_SIGN_IN : LARGEST_TOP),
    filter,
    order: orderOf(query, filter !== null, isAdvanced),
    tellsCount: isAdvanced,
    position: positionOf(query),
    options: optionsOf(query),
  };
}

/** Limit of the whole address of an advanced query, with the vendor's own host; its words are not documented. */
const LONGEST_ADDRESS = 2048;

function checkAddress({ target }: VendorRequest): void {
  if (`https://graph.microsoft.com${target}`.length <= LONGEST_ADDRESS) return;
  throw unsupportedQuery(`The request URI is longer than ${LONGEST_ADDRESS} characters.`);
}

const KNOWN_OPTIONS = /^\$(count|filter|format|orderby|select|skiptoken|top)$/;

/** What follows without a dollar sign is nobody's option and ignored. */
function checkOptions(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (!name.startsWith('$') || KNOWN_OPTIONS.test(name)) continue;
    if (name === '$skip') throw badRequest("'$skip' is not supported by the service.");
    if (name === '$search' || name === '$expand') throw unsupportedQuery(`${name} is not simulated.`);
    throw badRequest(`The query parameter '${name}' is not supported.`);
  }
}

/** @throws GraphRefusal for a property that users do not have */
export function selectionOf(query: URLSearchParams): Selection {
  const text = query.get('$select');
  if (text === null || text.trim() === '') return { asked: null, properties: DEFAULT_SELECT };
  const asked = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = asked.find((name) => !PROPERTIES.has(name));
  if (unknown !== undefined) {
    const message = `Could not find a property named '${unknown.slice(0, 100)}' on type 'microsoft.graph.user'.`;
    throw badRequest(`Parsing OData Select and Expand failed: ${message}`);
  }
  // It takes a permission and a licence that the application does not have.
  if (asked.includes(SIGN_IN)) throw forbidden();
  return { asked, properties: asked };
}

function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)?.toLowerCase() ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw badRequest(`Invalid value '${value.slice(0, 100)}' for ${name} query option found.`);
}

export function filterOf(query: URLSearchParams, isAdvanced: boolean): Listing['filter'] {
  const text = query.get('$filter');
  return text === null ? null : { text, holds: compileFilter(text, isAdvanced) };
}

function topOf(query: URLSearchParams, largest: number): number {
  const text = query.get('$top');
  if (text === null) return DEFAULT_TOP;
  const top = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (top >= 1 && top <= largest) return top;
  throw unsupportedQuery(
    `Invalid page size specified: '${text.slice(0, 20)}'. Must be between 1 and ${largest} inclusive.`,
  );
}

function orderOf(query: URLSearchParams, isFiltered: boolean, isAdvanced: boolean): Order | null {
  const text = query.get('$orderby')?.trim();
  if (text === undefined) return null;
  const [, property, direction] = /^(displayName|userPrincipalName)(?:\s+(asc|desc))?$/.exec(text) ?? [];
  if (property === undefined || (isFiltered && !isAdvanced)) {
    throw unsupportedQuery('Sorting not supported for current query.');
  }
  return { property: property as Order['property'], sign: direction === 'desc' ? -1 : 1 };
}

function positionOf(query: URLSearchParams): Position | null {
  const token = query.get('$skiptoken');
  if (token === null) return null;
  const position = decodeToken(positionSchema, token);
  if (position) return position;
  throw new GraphRefusal(
    400,
    'Directory_ExpiredPageToken',
    'The specified page token value has expired and can no longer be included in your request.',
  );
}

/** Commas and dollar signs stay readable, as in the vendor's own links. */
export function optionsOf(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name.startsWith('$') ? name : encodeURIComponent(name)}=${optionValue(value)}`)
    .join('&');
}

const optionValue = (value: string): string => encodeURIComponent(value).replaceAll('%2C', ',');
