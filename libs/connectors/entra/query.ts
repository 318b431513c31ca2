import { manifest } from './manifest.js';

/**
 * A question to the listing. An advanced one, with `$count` and the header `ConsistencyLevel`, is what filters need.
 * https://learn.microsoft.com/en-us/graph/aad-advanced-queries
 */
export interface ListQuery {
  readonly properties: readonly string[];
  readonly top: number;
  readonly filter: string | null;
  readonly isAdvanced: boolean;
}

export const listPath = '/v1.0/users';
/**
 * The most characters that the whole address of an advanced query may have.
 * https://developer.microsoft.com/en-us/graph/known-issues/?search=13635
 */
export const longestAddress = 2048;
/** The longest host name of the national clouds, because the credential's own is not known here. */
const longestOrigin = 'https://microsoftgraph.chinacloudapi.cn';
const anyId = '00000000-0000-0000-0000-000000000000';

/** A text as the filter language writes it: in single quotes, those inside doubled. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const isUser = (id: string): string => `id eq ${quoted(id)}`;

export function queryOf({ properties, top, filter, isAdvanced }: ListQuery): Record<string, string | number> {
  return {
    $select: properties.join(','),
    $top: top,
    ...(isAdvanced ? { $count: 'true' } : {}),
    ...(filter === null ? {} : { $filter: filter }),
  };
}

/** The question whether a filter lets a user through; their id is all that it needs. */
export function throughFilter(id: string, filter: string | null): ListQuery {
  const whole = filter === null ? isUser(id) : `${isUser(id)} and (${filter})`;
  return { properties: ['id'], top: 1, filter: whole, isAdvanced: true };
}

/** Characters of the whole address of a question, as it travels. */
export function addressLength(query: ListQuery): number {
  const entries = Object.entries(queryOf(query)).map(([name, value]): [string, string] => [name, String(value)]);
  return `${longestOrigin}${listPath}?${new URLSearchParams(entries).toString()}`.length;
}

/** Characters of the longest address that a load with this filter asks for. */
export function longestAddressWith(filter: string, properties = manifest.fields.map(({ path }) => path)): number {
  const listing = { properties, top: 999, filter, isAdvanced: true };
  return Math.max(addressLength(listing), addressLength(throughFilter(anyId, filter)));
}
