import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  credentialsTopic,
  deadLettersTopic,
  messageSignatureHeader,
  rawRecordsTopic,
  type ServiceName,
  signedDigestsHeader,
  type TopicDefinition,
} from '@rollcall/contracts';
import { type ReadMessage, readTopic, TestEnvironment, waitFor } from '@rollcall/testing';
import type { Producer } from 'kafkajs';

import {
  type BatchDelivery,
  BatchServer,
  type BatchSubscription,
  type ConsumedMessage,
  ConsumerHealth,
  DeadLetters,
  ensureTopics,
  Publisher,
} from '../src/index.js';

jest.setTimeout(60_000);

interface Sent {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

describe('a topic whose owner signs', () => {
  let environment: TestEnvironment;
  let vault: Publisher;
  let stranger: Producer;
  let servers: BatchServer[] = [];
  let groups = 0;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await ensureTopics(environment.kafka, [credentialsTopic, rawRecordsTopic, deadLettersTopic], 1);
    vault = new Publisher(environment.kafka, await environment.signingOf('credential-vault'));
    stranger = environment.kafka.kafka.producer();
    await stranger.connect();
  });

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
  });

  afterAll(async () => {
    await stranger.disconnect();
    await vault.close();
    await environment.remove();
  });

  /** Whoever reaches the broker: any bytes, any headers, anywhere. */
  const forge = (topic: TopicDefinition, ...messages: readonly Sent[]) =>
    stranger.send({
      topic: environment.kafka.nameOf(topic.name),
      messages: messages.map(({ key = 'key', ...message }) => ({ key, ...message })),
    });
  const publisherOf = async (service: ServiceName) =>
    new Publisher(environment.kafka, await environment.signingOf(service));
  const captured = (topic: TopicDefinition, value: string): Promise<ReadMessage> =>
    waitFor(value, async () => (await readTopic(environment.kafka, topic)).find((message) => message.value === value));
  const lettersOf = async (group: string) =>
    (await readTopic(environment.kafka, deadLettersTopic)).filter(({ headers }) => headers['group'] === group);

  /** A consumer that notes what it is given and commits it. */
  async function consume(topic: TopicDefinition, more: Partial<BatchSubscription> = {}, fails = 0) {
    const group = `notifier.signed-${(groups += 1)}`;
    const seen: ConsumedMessage[] = [];
    let failures = fails;
    const server = new BatchServer({
      connection: environment.kafka,
      health: new ConsumerHealth(),
      signing: await environment.signingOf('notifier'),
      deadLetters: new DeadLetters(vault),
      onFatal: (error) => {
        throw error;
      },
    });
    servers.push(server);
    const handler = async ({ batch, context }: BatchDelivery) => {
      if ((failures -= 1) >= 0) return { error: new Error('away') };
      seen.push(...batch.messages);
      await context.commit(batch.messages.at(-1)!.offset);
      return undefined;
    };
    server.addHandler(group, handler as never, false, { subscription: { topic, group, ...more } });
    await new Promise<void>((resolve, reject) =>
      server.listen((error) => (error instanceof Error ? reject(error) : resolve())),
    );
    const texts = () => seen.map(({ value }) => String(value));
    return { group, seen, texts, until: (text: string) => waitFor(text, () => texts().includes(text)) };
  }

  it('gives a consumer what the owner wrote, page by page, and parks what anybody else did', async () => {
    const notifier = await publisherOf('notifier');
    await vault.publish([{ topic: credentialsTopic, key: 'key', value: 'first' }]);
    const real = await captured(credentialsTopic, 'first');
    await forge(
      credentialsTopic,
      { value: 'unsigned' },
      { value: 'altered', headers: real.headers },
      { value: 'first', key: 'another key', headers: real.headers },
      { value: 'first', headers: { ...real.headers, more: 'header' } },
      { value: 'first', headers: { ...real.headers, [messageSignatureHeader]: 'AAAA' } },
      { value: 'first', headers: { ...real.headers, [signedDigestsHeader]: `${real.headers['digests']}.x` } },
      { value: null, headers: real.headers },
    );
    await expect(notifier.publish([{ topic: credentialsTopic, key: 'key', value: 'x' }])).rejects.toThrow(
      'only credential-vault may',
    );
    await notifier.close();
    await vault.publish([{ topic: credentialsTopic, key: 'key', value: 'last' }]);
    const { group, until, texts } = await consume(credentialsTopic);
    await until('last');
    expect(texts()).toEqual(['first', 'last']);
    const letters = await lettersOf(group);
    expect(letters).toHaveLength(7);
    expect(new Set(letters.map(({ headers }) => headers['code']))).toEqual(new Set(['message-not-authentic']));
    expect(letters[0]!.headers['reason']).toContain('find out who can write to the broker');
  });

  it('takes no signature that another service made with its own key', async () => {
    const signing = await environment.signingOf('workflow');
    // A service whose key was stolen claims to be the vault.
    const thief = new Publisher(environment.kafka, { ...signing, service: 'credential-vault' });
    await thief.publish([{ topic: credentialsTopic, key: 'key', value: 'stolen key' }]);
    await thief.close();
    await vault.publish([{ topic: credentialsTopic, key: 'key', value: 'after the thief' }]);
    const { until, texts } = await consume(credentialsTopic);
    await until('after the thief');
    expect(texts()).not.toContain('stolen key');
  });

  it('binds a message to its partition where the sender decides on it, and to its topic', async () => {
    const runner = await publisherOf('sync-runner');
    const page = Array.from({ length: 40 }, (_, index) => ({
      topic: rawRecordsTopic,
      key: 'acme',
      partition: 3,
      value: `page ${index}`,
      headers: { t: '1' },
    }));
    await runner.publish(page);
    const real = await captured(rawRecordsTopic, 'page 0');
    const { headers } = real;
    await forge(rawRecordsTopic, { key: 'acme', value: 'page 0', headers, partition: 4 });
    await forge(rawRecordsTopic, { key: 'acme', value: 'page 0', headers: { ...headers, t: '2' }, partition: 3 });
    await forge(credentialsTopic, { key: 'acme', value: 'page 0', headers });
    for (const partition of [3, 4]) {
      await runner.publish([{ topic: rawRecordsTopic, key: 'acme', partition, value: `end ${partition}` }]);
    }
    await vault.publish([{ topic: credentialsTopic, key: 'acme', value: 'end of credentials' }]);
    await runner.close();

    const raw = await consume(rawRecordsTopic);
    await raw.until('end 3');
    await raw.until('end 4');
    expect(raw.texts().filter((text) => text.startsWith('page'))).toEqual(page.map(({ value }) => value));
    // A page larger than 32 messages has several signatures, and every message one of them.
    const signatures = new Set(raw.seen.map((message) => message.headers[messageSignatureHeader]));
    expect(signatures.size).toBe(4);
    const other = await consume(credentialsTopic);
    await other.until('end of credentials');
    expect(other.texts()).not.toContain('page 0');
  });

  it('says the same bytes and headers when an event is said again', async () => {
    const message = { topic: credentialsTopic, key: 'again', value: 'said twice' };
    await vault.publish([message, { ...message, value: 'between' }]);
    await vault.publish([message]);
    const said = (await readTopic(environment.kafka, credentialsTopic)).filter(({ value }) => value === 'said twice');
    expect(said).toHaveLength(2);
    expect(said[1]!.headers).toEqual(said[0]!.headers);
  });

  it('parks a refused message once while its handler is tried again, and commits one that comes last', async () => {
    await vault.publish([{ topic: credentialsTopic, key: 'tail', value: 'before the tail' }]);
    await forge(credentialsTopic, { key: 'tail', value: 'the tail' });
    const { group, until } = await consume(credentialsTopic, {}, 2);
    await until('before the tail');
    await waitFor('the tail to be parked', async () =>
      (await lettersOf(group)).some(({ value }) => value === 'the tail'),
    );
    expect((await lettersOf(group)).filter(({ value }) => value === 'the tail')).toHaveLength(1);
    const topic = environment.kafka.nameOf(credentialsTopic.name);
    await waitFor('everything to be committed', async () => {
      const [ends, [committed]] = await environment.kafka.withAdmin(async (admin) => [
        await admin.fetchTopicOffsets(topic),
        await admin.fetchOffsets({ groupId: environment.kafka.groupOf(group), topics: [topic] }),
      ]);
      const done = new Map(committed!.partitions.map(({ partition, offset }) => [partition, offset]));
      return ends.filter(({ high }) => Number(high) > 0).every(({ partition, high }) => done.get(partition) === high);
    });
  });

  it('delivers refused messages to a handler that accounts for every offset, with the reason', async () => {
    await forge(rawRecordsTopic, { value: 'to be passed over', partition: 9 });
    const { until, seen } = await consume(rawRecordsTopic, { refused: 'delivered' });
    await until('to be passed over');
    const passed = seen.filter(({ refusal }) => refusal !== undefined).map(({ value }) => String(value));
    expect(passed).toContain('to be passed over');
    expect(seen.find(({ value }) => String(value) === 'page 1')?.refusal).toBeUndefined();
  });

  it('reads on behind a transaction that somebody opened and never ends', async () => {
    const foreign = environment.kafka.kafka.producer({ transactionalId: 'stranger', maxInFlightRequests: 1 });
    await foreign.connect();
    const topic = environment.kafka.nameOf(credentialsTopic.name);
    const transaction = await foreign.transaction();
    await transaction.send({ topic, messages: [{ key: 'open', value: 'of an open transaction' }] });
    await vault.publish([{ topic: credentialsTopic, key: 'open', value: 'behind it' }]);
    const { until, texts } = await consume(credentialsTopic);
    await until('behind it');
    expect(texts()).not.toContain('of an open transaction');
    await transaction.abort();
    await foreign.disconnect();
  });

  it('keeps the beginning of a message that is too large to be parked whole', async () => {
    await forge(credentialsTopic, { key: 'k'.repeat(5000), value: Buffer.alloc(7 * 1024 * 1024, 'x') });
    const { group } = await consume(credentialsTopic, { maxBytesPerPartition: 8_000_000 });
    const letter = await waitFor('the letter', async () =>
      (await lettersOf(group)).find(({ headers }) => headers['cut'] !== undefined),
    );
    expect(letter.headers['cut']).toBe(String(7 * 1024 * 1024));
    expect(letter.value).toHaveLength(1024 * 1024);
  });

  it('is not consumed at all by a service that lacks the key of its owner', async () => {
    const signing = await environment.signingOf('notifier');
    const server = new BatchServer({
      connection: environment.kafka,
      health: new ConsumerHealth(),
      signing: { ...signing, knows: () => false },
      deadLetters: new DeadLetters(vault),
      onFatal: () => undefined,
    });
    const subscription = { topic: credentialsTopic, group: 'notifier.keyless' };
    server.addHandler('notifier.keyless', (() => undefined) as never, false, { subscription });
    const listening = new Promise<void>((resolve, reject) =>
      server.listen((error) => (error instanceof Error ? reject(error) : resolve())),
    );
    await expect(listening).rejects.toThrow('the public key of credential-vault is missing');
    await server.close();
  });
});
