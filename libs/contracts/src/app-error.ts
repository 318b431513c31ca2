/**
 * The one error that services throw on purpose. `code` comes from a closed list of the feature; the message says what
 * happened, why and what to do. How it becomes an HTTP status or the fate of a Kafka message is decided elsewhere, in
 * one file each.
 */
export class AppError<Code extends string = string> extends Error {
  readonly retriable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: Code,
    message: string,
    options: { retriable?: boolean; cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.retriable = options.retriable ?? false;
    this.details = options.details ?? {};
  }
}

/** The text of anything thrown, without its stack. Not for values that may hold a secret (N8): wrap those calls. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : textOf(error);
}

/** Any value as text. There are objects that no text can be made of: without a prototype, or with a `toString` that is none. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[object]';
  }
}
