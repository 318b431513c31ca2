import { describe, expect, it } from '@jest/globals';

import { jarPath, KAFKA_ARTIFACTS, KAFKA_ROOTS, KAFKA_VERSION } from './kafka-artifacts.js';

describe('the list of Kafka jars', () => {
  it('holds every jar once, the server in the version that is named to people', () => {
    const paths = KAFKA_ARTIFACTS.map(jarPath);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain(`org/apache/kafka/kafka_2.13/${KAFKA_VERSION}/kafka_2.13-${KAFKA_VERSION}.jar`);
  });

  it('has the server and the logging binding as its roots', () => {
    expect(KAFKA_ROOTS.map(({ artifact }) => artifact).sort()).toEqual([
      'kafka_2.13',
      'log4j-1.2-api',
      'log4j-slf4j-impl',
    ]);
  });
});
