import type { Account } from '../../company/account.js';
import { attributesOf } from '../../company/directory.js';

/** https://clickwrap-developer.ironcladapp.com/reference/pagination */
export const DEFAULT_PER_PAGE = 25;
export const MAXIMUM_PER_PAGE = 100;

/** What a collection was asked for. */
export interface ListRequest {
  /** Counted from one. */
  readonly page: number;
  readonly perPage: number;
  readonly noCount: boolean;
  /** Field names, `-` first for descending; empty: the order of ids. */
  readonly sort: string;
  /** Only these fields come back; empty: all. */
  readonly fields: readonly string[];
  readonly filter: (account: Account) => boolean;
  readonly isFiltered: boolean;
}

/** A text says what is wrong with the request. */
export function readListRequest(query: URLSearchParams): ListRequest | string {
  const page = numberOf(query.get('page'), 1);
  const perPage = numberOf(query.get('per_page'), DEFAULT_PER_PAGE);
  if (page === null || perPage === null || perPage > MAXIMUM_PER_PAGE) {
    return `page is a number from 1, per_page one from 1 to ${MAXIMUM_PER_PAGE}.`;
  }
  const filter = readFilter(query.get('filter') ?? '');
  if (typeof filter === 'string') return filter;
  return {
    page,
    perPage,
    filter,
    isFiltered: query.has('filter'),
    noCount: query.get('no_count') === 'true',
    sort: query.get('sort') ?? '',
    fields: (query.get('fields') ?? '').split(',').filter(Boolean),
  };
}

function numberOf(text: string | null, byDefault: number): number | null {
  const value = Number(text ?? byDefault);
  return Number.isInteger(value) && value >= 1 ? value : null;
}

const FILTER_FIELDS = new Set(['id', 'email', 'name', 'locale', 'time_zone', 'verified', 'verified_time']);
const CLAUSE = /^(\w+)(==|!=|>=|<=)(.+)$/;

type Comparison = (left: string, right: string) => boolean;
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

/** Clauses like `verified==true and verified_time>=2026-01-01`, joined by `and`. */
function readFilter(text: string): ((account: Account) => boolean) | string {
  const clauses = text.split(/\s+and\s+/).filter((clause) => clause.trim() !== '');
  const tests: ((attributes: Record<string, unknown>) => boolean)[] = [];
  for (const clause of clauses) {
    const [, field = '', operator = '', value = ''] = CLAUSE.exec(clause.trim()) ?? [];
    const compare = COMPARISONS[operator];
    if (compare === undefined || !FILTER_FIELDS.has(field))
      return `The filter clause "${clause.slice(0, 80)}" cannot be read.`;
    tests.push((attributes) => compare(String(attributes[field] ?? ''), value));
  }
  return (account) => {
    const attributes = attributesOf(account);
    return tests.every((test) => test(attributes));
  };
}
