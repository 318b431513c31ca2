import { AppError } from '@rollcall/contracts';

export type SecretsErrorCode =
  | 'key-missing'
  | 'key-malformed'
  | 'key-exposed'
  | 'key-mismatch'
  | 'wrong-key-encryption-key'
  | 'unknown-data-key'
  | 'secret-unreadable'
  | 'seal-unreadable';

/** Messages name files, ids and fields, never a value or the text of a failed parse (N8). */
export class SecretsError extends AppError<SecretsErrorCode> {
  constructor(code: SecretsErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(code, message, { details });
    this.name = 'SecretsError';
  }
}
