import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  commandsTopicOf,
  deadLettersTopic,
  peopleTopic,
  rawRecordsTopic,
  runReportsTopic,
  runsTopic,
  saasUsersTopic,
  serviceNames,
  type TopicDefinition,
} from '@rollcall/contracts';
import { committedOffsets, partitionBounds } from '@rollcall/messaging';
import { streamTopic, waitFor } from '@rollcall/testing';
import type { CompressionTypes, Message, Producer } from 'kafkajs';

import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { connectVendor, runOnce } from '../../apps/cli/src/demo/demo-steps.js';
import { Installation } from './installation.js';
import { codecs, registerStoredCodecs } from './stored-codecs.js';

/** Every topic that a service consumes, and the group that must get over what is in it. */
const consumed: readonly (readonly [group: string, topic: TopicDefinition])[] = [
  ...serviceNames.map((name) => [`${name}.commands`, commandsTopicOf(name)] as const),
  ['mapping.raw-records', rawRecordsTopic],
  ['sync-runner.run-reports', runReportsTopic],
  ['workflow.people', peopleTopic],
  ['workflow.saas-users', saasUsersTopic],
  ['notifier.runs', runsTopic],
];

/** Nothing that any consumer knows, up to the largest that the topics take. */
const garbage: readonly Message[] = [
  { value: null },
  { value: '' },
  { value: '{' },
  { value: 'null' },
  { value: '{"k":"start"}' },
  { value: randomBytes(1_000) },
  { value: '['.repeat(10_000) },
  { value: '{"specversion":"1.0","id":"x","source":"/x","type":"person.created","subject":"x","data":{}}' },
  { key: 'x'.repeat(5_000), value: 'a long key' },
  { value: 'headers', headers: { __proto__: 'x', constructor: 'x', 'x-signature': randomBytes(64) } },
  { value: 'x'.repeat(900_000) },
];
const largest: Message = { value: Buffer.alloc(8 * 1024 * 1024 - 200, 'x') };

describe('garbage on every consumed topic, by every codec', () => {
  let installation: Installation;
  let producer: Producer;

  beforeAll(async () => {
    registerStoredCodecs();
    installation = await Installation.start({
      services: serviceNames,
      simulator: { company: 'load:40', seed: 'garbage', vendors: ['lastpass'] },
      readyWithinMs: 180_000,
    });
    producer = installation.environment.kafka.kafka.producer();
    await producer.connect();
  }, 300_000);

  afterAll(async () => {
    await producer?.disconnect();
    await installation?.stop();
  }, 120_000);

  async function send(topic: TopicDefinition, compression: CompressionTypes, messages: readonly Message[]) {
    const name = installation.environment.kafka.nameOf(topic.name);
    await producer.send({
      topic: name,
      compression,
      messages: messages.map((message) => ({ ...message, partition: 0 })),
    });
  }

  it('ends no service: what is none of their messages is passed over, and work goes on', async () => {
    const { environment } = installation;
    const pids = serviceNames.map((name) => installation.service(name).pid);
    for (const [, topic] of consumed) {
      for (const codec of codecs) await send(topic, codec, garbage);
      await send(topic, codecs[0]!, [largest]);
    }
    for (const [group, topic] of consumed) {
      await waitFor(
        `${group} to be through`,
        async () => {
          const end = (await partitionBounds(environment.kafka, topic)).get(0)!.high;
          return (await committedOffsets(environment.kafka, topic, group)).get(0) === end;
        },
        120_000,
      );
    }
    for (const name of serviceNames) {
      await waitFor(`${name} to be ready`, async () => (await fetch(`${installation.service(name).url}/readyz`)).ok);
    }
    expect(serviceNames.map((name) => installation.service(name).pid)).toEqual(pids);

    const parked = new Map<string, number>();
    await streamTopic(environment.kafka, deadLettersTopic, ({ headers }) => {
      const { group } = headers as { group: string };
      parked.set(group, (parked.get(group) ?? 0) + 1);
    });
    // No workflow is interested in events of people and accounts yet, and so workflow does not even parse them.
    const parking = consumed.map(([group]) => group).filter((group) => !/^workflow\.(people|saas)/.test(group));
    expect([...parked.keys()].sort()).toEqual([...parking].sort());

    const client = new DemoClient(installation.gatewayUrl, installation.apiKey);
    const connected = await connectVendor(client, installation.vendors[0]!);
    const run = await runOnce(client, connected);
    expect(run).toMatchObject({ state: 'completed', counts: { read: 40 } });
  }, 400_000);
});
