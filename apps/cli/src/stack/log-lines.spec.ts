import { describe, expect, it } from '@jest/globals';

import { isWarning, readableLogLine } from './log-lines.js';

const ours = '{"level":"error","time":"2026-11-21T10:31:34.000Z","service":"mapping","message":"it broke"}';
const mongodb = '{"t":{"$date":"2026-11-21T10:31:34.378+00:00"},"s":"W","c":"REPL","msg":"slow","attr":{"ms":7}}';
const kafka = '2026-11-21T10:30:46,885 WARN QuorumController: text';

describe('log lines', () => {
  it('become short for people', () => {
    expect(readableLogLine(ours)).toBe('10:31:34 error  it broke');
    expect(readableLogLine(mongodb)).toBe('10:31:34 warn   slow {"ms":7}');
    expect(readableLogLine(kafka)).toBe(kafka);
    expect(readableLogLine('{"half a li')).toBe('{"half a li');
  });

  it('are warnings by the levels of all three sources', () => {
    expect([ours, mongodb, kafka].map(isWarning)).toEqual([true, true, true]);
    const harmless = [ours.replace('error', 'info'), mongodb.replace('"W"', '"I"'), kafka.replace('WARN', 'INFO')];
    expect(harmless.map(isWarning)).toEqual([false, false, false]);
  });
});
