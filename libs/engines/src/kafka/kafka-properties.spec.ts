import { describe, expect, it } from '@jest/globals';

import { kafkaProperties } from './kafka-properties.js';

const linesOf = (dataFolder: string) =>
  kafkaProperties({ port: 29_092, controllerPort: 29_093, dataFolder }).trimEnd().split('\n');

describe('kafkaProperties', () => {
  it('puts broker and controller on their own loopback ports and advertises the broker', () => {
    const lines = linesOf('/data/kafka');
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:29092,CONTROLLER://127.0.0.1:29093');
    expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:29092');
    expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:29093');
  });

  it('refuses automatic topics and asks for one replica everywhere', () => {
    const lines = linesOf('/data/kafka');
    expect(lines).toContain('auto.create.topics.enable=false');
    const replicas = lines.filter((line) => /replication\.factor|min\.(isr|insync)/.test(line));
    expect(replicas.length).toBeGreaterThan(3);
    expect(replicas.every((line) => line.endsWith('=1'))).toBe(true);
  });

  it('of three nodes name all controllers, and want two of three copies', () => {
    const layout = { port: 29_092, controllerPort: 29_095, dataFolder: '/data', nodeId: 3 };
    const text = kafkaProperties({ ...layout, controllerPorts: [29_093, 29_094, 29_095] });
    const lines = text.split('\n');
    expect(lines).toContain('node.id=3');
    expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:29093,2@127.0.0.1:29094,3@127.0.0.1:29095');
    expect(lines).toContain('offsets.topic.replication.factor=3');
    expect(lines).toContain('min.insync.replicas=2');
  });

  it('escapes what a property file would read as an escape', () => {
    expect(linesOf('C:\\data')).toContain('log.dirs=C:\\\\data');
  });
});
