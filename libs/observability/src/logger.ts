import { type DestinationStream, type Logger as Pino, pino } from 'pino';

import { currentCorrelationId } from './correlation.js';
import { logText, logValue } from './log-value.js';

/** What a line is about: `run`, `integration`, `partition`, `error` … Any value; secrets are replaced. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines all carry these fields too. */
  child(fields: LogFields): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  readonly service: string;
  /** `info` unless given. */
  readonly level?: LogLevel;
  /** Where the lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines, one event per line: time, level, service, correlationId (of `withCorrelation`), the fields, message.
 * Every text passes the redactor, including messages and stacks of errors (N8).
 */
export function createLogger(options: LoggerOptions): Logger {
  const writer = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Written at once: the last lines before a crash are the ones that are needed.
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return new JsonLogger(writer, {});
}

/** Names that the line itself uses; a field may not replace them. */
const reserved = new Set(['level', 'time', 'service', 'message']);

class JsonLogger implements Logger {
  constructor(
    private readonly writer: Pino,
    private readonly bound: LogFields,
  ) {}

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new JsonLogger(this.writer, { ...this.bound, ...fields });
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields = {}): void {
    if (!this.writer.isLevelEnabled(level)) return;
    const line: Record<string, unknown> = { correlationId: currentCorrelationId() };
    for (const [name, value] of Object.entries({ ...this.bound, ...fields })) {
      line[reserved.has(name) ? `field.${name}` : name] = value;
    }
    this.writer[level](logValue(line), logText(message));
  }
}
