import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { currentCorrelationId, withCorrelation } from './correlation.js';
import { createLogger, type Logger, type LogLevel } from './logger.js';
import { nestLogger } from './nest-logger.js';
import { forgetSecretValues, registerSecretValue } from './redactor.js';

afterEach(forgetSecretValues);

const canary = 'exampleCanary-5512-ab"\\x';

function capture(level?: LogLevel): { logger: Logger; text: () => string; lines: () => Record<string, unknown>[] } {
  let text = '';
  const logger = createLogger({ service: 'mapping', level, destination: { write: (line) => (text += line) } });
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, text: () => text, lines };
}

describe('createLogger', () => {
  it('writes one JSON line per event with service, level, time, message and fields', () => {
    const { logger, lines } = capture();
    logger.child({ run: 'r1' }).info('page applied', { users: 50, partition: 7 });
    logger.error('gone', { error: new Error('why', { cause: new TypeError('deeper') }) });
    const [first, second] = lines();
    expect(first).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'mapping',
      run: 'r1',
      users: 50,
      partition: 7,
      message: 'page applied',
    });
    expect(second).toMatchObject({
      error: {
        name: 'Error',
        message: 'why',
        stack: expect.stringContaining('logger.spec'),
        cause: { name: 'TypeError' },
      },
    });
  });

  it('keeps below its level silent', () => {
    const { logger, lines } = capture();
    logger.debug('x');
    logger.warn('y');
    expect(lines().map((line) => line['message'])).toEqual(['y']);
    const debug = capture('debug');
    debug.logger.debug('x');
    expect(debug.lines()).toHaveLength(1);
  });

  it('carries the correlation id of what is running, across awaits', async () => {
    const { logger, lines } = capture();
    await withCorrelation('c-1', async () => {
      await Promise.resolve();
      logger.info('inside');
      withCorrelation('c-2', () => logger.info('deeper'));
      expect(currentCorrelationId()).toBe('c-1');
    });
    logger.info('outside');
    expect(lines().map((line) => line['correlationId'])).toEqual(['c-1', 'c-2', undefined]);
    expect(currentCorrelationId()).toBeUndefined();
  });

  it('lets no field replace what the line says of itself', () => {
    const { logger, lines } = capture();
    logger.info('real', { message: 'fake', level: 'fatal', service: 'gateway', time: 0 });
    expect(lines()[0]).toMatchObject({ message: 'real', level: 'info', service: 'mapping', 'field.message': 'fake' });
    expect(lines()[0]!['time']).not.toBe(0);
  });

  it('replaces secrets in message, fields, keys, errors, causes, maps, lists and numbers (P20)', () => {
    registerSecretValue(canary);
    registerSecretValue('55512345');
    const { logger, text, lines } = capture();
    const error = Object.assign(new Error(`bad ${canary}`, { cause: new Error(canary) }), {
      input: canary,
      list: [canary],
    });
    logger.child({ [canary]: canary }).error(`failed ${canary}`, {
      error,
      nested: { deep: [{ value: canary }], map: new Map([[canary, canary]]), set: new Set([canary]) },
      json: JSON.stringify({ canary }),
      url: `https://x.example/?k=${encodeURIComponent(canary)}`,
      basic: Buffer.from(`u:${canary}`).toString('base64'),
      number: 55512345,
      bytes: Buffer.from(canary),
      custom: { toJSON: () => ({ canary }) },
    });
    expect(lines()).toHaveLength(1);
    for (const form of [
      canary,
      JSON.stringify(canary).slice(1, -1),
      encodeURIComponent(canary),
      '55512345',
      'exampleCan',
    ]) {
      expect(text()).not.toContain(form);
    }
    expect(lines()[0]).toMatchObject({ message: 'failed [secret]', number: '[secret]' });
  });

  it('hides fields with names of secrets although their values are not known', () => {
    const { logger, text } = capture();
    const hidden = 'example-unregistered';
    for (const name of [
      'password',
      'Authorization',
      'x-api-key',
      'apiKey',
      'clientSecret',
      'access_token',
      'provHash',
      'set-cookie',
    ]) {
      logger.info('x', { headers: { [name]: hidden } });
    }
    expect(text()).not.toContain(hidden);
  });

  it('stays one valid line whatever it is given (P40)', () => {
    const { logger, lines } = capture();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), 'end');
    const odd = [
      cyclic,
      deep,
      10n,
      Symbol('s'),
      () => 1,
      new Date(NaN),
      NaN,
      null,
      undefined,
      'x'.repeat(1_000_000),
      '\n\u001b[31m\u202e{"a":1}',
      new Array(5_000).fill(1),
    ];
    for (const value of odd) logger.info(String(typeof value), { value });
    logger.info('a\nb', {
      getter: {
        toJSON() {
          throw new Error('no');
        },
      },
    });
    expect(lines()).toHaveLength(odd.length + 1);
    expect(lines()[0]!['value']).toEqual({ self: '[circular]' });
    for (const line of lines()) expect(JSON.stringify(line).length).toBeLessThan(40_000);
  });

  it('writes a line for a map whose keys no text can be made of', () => {
    const { logger, lines } = capture();
    const key = { toString: {} };
    logger.info('odd', { value: new Map([[key, 1]]) });
    expect(lines().at(-1)).toMatchObject({ value: { '[object]': 1 } });
  });

  it('writes exactly one parseable line for any value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }),
        fc.string(),
        (value, message) => {
          const { logger, lines } = capture();
          logger.info(message, { value });
          expect(lines()).toHaveLength(1);
        },
      ),
    );
  });
});

describe('nestLogger', () => {
  it('maps the levels and arguments of Nest', () => {
    const { logger, lines } = capture('debug');
    const nest = nestLogger(logger);
    nest.log('started', 'NestFactory');
    nest.error('failed', 'Error: failed\n  at x', 'Router');
    nest.warn(new Error('odd'));
    nest.verbose({ a: 1 }, 'Ctx');
    nest.fatal('end');
    nest.error(new Error('thrown as well'), 'ExceptionHandler');
    expect(lines()).toMatchObject([
      { level: 'info', message: 'started', context: 'NestFactory' },
      { level: 'error', message: 'failed', context: 'Router', more: ['Error: failed\n  at x'] },
      { level: 'warn', message: 'odd', error: { message: 'odd' } },
      { level: 'debug', content: { a: 1 }, context: 'Ctx' },
      { level: 'error', message: 'end' },
    ]);
  });
});
