import { describe, expect, it } from '@jest/globals';
import { peopleTopic } from '@rollcall/contracts';

import { attest, type FoundSettings } from './attested-settings.js';

const topic = {
  topic: peopleTopic.name,
  definition: peopleTopic,
  replicas: 3,
  partitions: peopleTopic.partitions,
  values: {
    'min.insync.replicas': '2',
    'unclean.leader.election.enable': 'false',
    'cleanup.policy': 'delete',
    'retention.ms': String(peopleTopic.retentionHours * 3_600_000),
    'compression.type': 'producer',
  },
};
const database = {
  replicaSet: 'rollcall',
  dataMembers: 3,
  arbiters: 0,
  writeConcern: 'majority',
  journal: true,
  retryWrites: true,
  readConcern: 'majority',
  readPreference: 'primary',
};
const rightBroker = { 'auto.create.topics.enable': 'false', 'compression.type': 'producer' };
const good: FoundSettings = {
  topics: [topic],
  brokers: new Map([['1', rightBroker]]),
  database,
  missingIndexes: [],
};

const withTopic = (change: object): FoundSettings => ({ ...good, topics: [{ ...topic, ...change }] });
const withValue = (name: string, value: string) => withTopic({ values: { ...topic.values, [name]: value } });
const withBroker = (change: object): FoundSettings => ({
  ...good,
  brokers: new Map([['1', { ...rightBroker, ...change }]]),
});
const withDatabase = (change: object): FoundSettings => ({ ...good, database: { ...database, ...change } });

/** Each setting wrong for itself, and what must be named (P1). */
const wrong: readonly (readonly [setting: string, found: string, settings: FoundSettings])[] = [
  ['replication factor', '1', withTopic({ replicas: 1 })],
  ['partitions', '1', withTopic({ partitions: 1 })],
  ['min.insync.replicas', '1', withValue('min.insync.replicas', '1')],
  ['unclean.leader.election.enable', 'true', withValue('unclean.leader.election.enable', 'true')],
  ['cleanup.policy', 'compact', withValue('cleanup.policy', 'compact')],
  ['retention.ms', '1000', withValue('retention.ms', '1000')],
  ['compression.type', 'brotli', withValue('compression.type', 'brotli')],
  ['auto.create.topics.enable', 'true', withBroker({ 'auto.create.topics.enable': 'true' })],
  ['auto.create.topics.enable', 'not told', withBroker({ 'auto.create.topics.enable': undefined })],
  ['compression.type', 'brotli', withBroker({ 'compression.type': 'brotli' })],
  ['replica set', 'none', withDatabase({ replicaSet: null })],
  ['members with data', '2', withDatabase({ dataMembers: 2 })],
  ['arbiters', '1', withDatabase({ arbiters: 1 })],
  ['write concern w', '1', withDatabase({ writeConcern: '1' })],
  ['write concern j', 'false', withDatabase({ journal: false })],
  ['retryWrites', 'false', withDatabase({ retryWrites: false })],
  ['read concern', 'local', withDatabase({ readConcern: 'local' })],
  ['read preference', 'nearest', withDatabase({ readPreference: 'nearest' })],
  ['missing unique indexes', 'people {"keys":1}', { ...good, missingIndexes: ['people {"keys":1}'] }],
];

describe('settings that an acknowledged change depends on (P1)', () => {
  it('are right where the loss of one machine loses nothing', () => {
    expect(attest(good).filter(({ ok }) => !ok)).toEqual([]);
    expect(attest(withValue('retention.ms', '-1')).filter(({ ok }) => !ok)).toEqual([]);
    for (const codec of ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd']) {
      expect(attest(withValue('compression.type', codec)).filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  it.each(wrong)('name %s when it is %s, and nothing else', (setting, found, settings) => {
    expect(attest(settings).filter(({ ok }) => !ok)).toMatchObject([{ setting, found }]);
  });
});
