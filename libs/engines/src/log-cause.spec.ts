import { describe, expect, it } from '@jest/globals';

import { causeInLog } from './log-cause.js';

const ofMongodb = (s: string, msg: string, attr?: object) => JSON.stringify({ t: {}, s, c: 'STORAGE', msg, attr });

describe('why an engine ended, out of its log', () => {
  it('is the last two exceptions of Kafka, not the last line of its stack', () => {
    const log = [
      '2026-11-30T09:59:34,294 WARN QuorumController: the metadata log appears to be empty',
      'java.lang.IllegalStateException: long before',
      '\tat kafka.Kafka.main(Kafka.scala)',
      'java.lang.RuntimeException: Unknown meta.properties version number 7',
      '\tat org.apache.kafka.metadata.properties.MetaPropertiesVersion.fromNumber(MetaPropertiesVersion.java:53)',
      'java.lang.RuntimeException: No readable meta.properties files found.',
      '\tat kafka.Kafka.main(Kafka.scala)',
      '',
    ].join('\n');
    expect(causeInLog(log)).toBe('Unknown meta.properties version number 7; No readable meta.properties files found.');
    expect(causeInLog('Exception in thread "main" java.lang.OutOfMemoryError\n\tat x')).toBe(
      'java.lang.OutOfMemoryError',
    );
  });

  it('is the last error of MongoDB that says something, not the end of the program', () => {
    const log = [
      ofMongodb('I', 'Slow query', { error: 'no fault' }),
      ofMongodb('E', 'WiredTiger error message', {
        error: -31_809,
        message: { msg: 'WiredTiger.wt does not appear to be a WiredTiger file' },
      }),
      ofMongodb('F', 'Fatal assertion', { msgid: 50_944 }),
      ofMongodb('F', 'aborting after fassert() failure'),
    ].join('\n');
    expect(causeInLog(log)).toBe('WiredTiger error message: WiredTiger.wt does not appear to be a WiredTiger file');
    expect(causeInLog(ofMongodb('F', 'Wrong data', { error: { errmsg: 'featureCompatibilityVersion 8.0' } }))).toBe(
      'Wrong data: featureCompatibilityVersion 8.0',
    );
  });

  it('is nothing where nothing failed', () => {
    expect(causeInLog('Kafka started\n{"s":"I","msg":"ready"}\n{ broken')).toBeNull();
  });
});
