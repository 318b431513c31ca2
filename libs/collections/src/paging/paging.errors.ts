import { AppError } from '@rollcall/contracts';

export type PagingErrorCode =
  'invalid-cursor' | 'invalid-fields' | 'invalid-filter' | 'invalid-sort' | 'not-from-an-index' | 'query-too-slow';

/** Part of a list's query that is at fault. */
export type QueryPart = 'cursor' | 'fields' | 'filter' | 'include' | 'q' | 'sort';

const parts: Readonly<Partial<Record<PagingErrorCode, QueryPart>>> = {
  'invalid-cursor': 'cursor',
  'invalid-fields': 'fields',
  'invalid-filter': 'filter',
  'invalid-sort': 'sort',
};

export class PagingError extends AppError<PagingErrorCode> {
  /** Null: none in particular. */
  readonly part: QueryPart | null;

  constructor(code: PagingErrorCode, message: string, cause?: unknown, part?: QueryPart) {
    super(code, message, { cause });
    this.name = 'PagingError';
    this.part = part ?? parts[code] ?? null;
  }
}
