import type { Logger } from './logger.js';

/** Nest's `LoggerService`, told by its shape so that this library does not depend on Nest. */
export interface NestLoggerService {
  log(message: unknown, ...optional: unknown[]): void;
  error(message: unknown, ...optional: unknown[]): void;
  warn(message: unknown, ...optional: unknown[]): void;
  debug(message: unknown, ...optional: unknown[]): void;
  verbose(message: unknown, ...optional: unknown[]): void;
  fatal(message: unknown, ...optional: unknown[]): void;
}

/** Nest writes `error(message, stack?, context?)`, everything else `(message, ...more, context?)`. */
export function nestLogger(logger: Logger): NestLoggerService {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: unknown, ...optional: unknown[]): void => {
      const context = typeof optional.at(-1) === 'string' ? optional.at(-1) : undefined;
      const more = context === undefined ? optional : optional.slice(0, -1);
      const error = message instanceof Error ? message : undefined;
      logger[level](typeof message === 'string' ? message : (error?.message ?? 'message of the framework'), {
        context,
        ...(error ? { error } : {}),
        ...(typeof message === 'string' || error ? {} : { content: message }),
        ...(more.length > 0 ? { more } : {}),
      });
    };
  return {
    log: write('info'),
    // An error of a start is thrown as well: whoever starts the service says it, once and in its words.
    error: (message, ...optional) => {
      if (optional.at(-1) !== 'ExceptionHandler') write('error')(message, ...optional);
    },
    warn: write('warn'),
    debug: write('debug'),
    verbose: write('debug'),
    fatal: write('error'),
  };
}
