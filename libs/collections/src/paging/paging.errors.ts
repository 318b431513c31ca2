import { AppError } from '@rollcall/contracts';

export type PagingErrorCode = 'invalid-cursor' | 'invalid-filter' | 'invalid-sort' | 'query-too-slow';

export class PagingError extends AppError<PagingErrorCode> {
  constructor(code: PagingErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.name = 'PagingError';
  }
}
