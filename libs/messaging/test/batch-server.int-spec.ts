import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  AppError,
  type CloudEvent,
  credentialsTopic,
  deadLettersTopic,
  type TopicDefinition,
} from '@rollcall/contracts';
import { readTopic, TestEnvironment, waitFor } from '@rollcall/testing';
import { KafkaJSNonRetriableError } from 'kafkajs';

import {
  type BatchContext,
  type BatchHandlerMethod,
  BatchServer,
  consumeEvents,
  ConsumerHealth,
  DeadLetters,
  ensureTopics,
  type MessageBatch,
  Publisher,
  type ServiceSigning,
} from '../src/index.js';

jest.setTimeout(60_000);

interface Started {
  readonly server: BatchServer;
  readonly health: ConsumerHealth;
  readonly fatal: Error[];
  assignments: number;
}

describe('the batch server', () => {
  let environment: TestEnvironment;
  let publisher: Publisher;
  let signing: ServiceSigning;
  let groups = 0;
  let running: Started[] = [];

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await ensureTopics(environment.kafka, [credentialsTopic, deadLettersTopic], 1);
    publisher = new Publisher(environment.kafka, await environment.signingOf('credential-vault'));
    signing = await environment.signingOf('notifier');
  });

  afterEach(async () => {
    await Promise.all(running.map(({ server }) => server.close()));
    running = [];
  });

  afterAll(async () => {
    await publisher.close();
    await environment.remove();
  });

  const groupName = () => `notifier.test-${(groups += 1)}`;

  /** Starts a group; `method` is wrapped as `@BatchHandler` wraps a controller's. */
  async function start(
    group: string,
    method: BatchHandlerMethod,
    isRaw = false,
    topic: TopicDefinition = credentialsTopic,
  ) {
    const fatal: Error[] = [];
    const health = new ConsumerHealth();
    const server = new BatchServer({
      connection: environment.kafka,
      health,
      signing,
      deadLetters: new DeadLetters(publisher),
      onFatal: (error) => fatal.push(error),
    });
    const started: Started = { server, health, fatal, assignments: 0 };
    health.onAssigned(environment.kafka.groupOf(group), () => (started.assignments += 1));
    const settled = async ({ batch, context }: { batch: MessageBatch; context: BatchContext }) =>
      method(batch, context).then(
        () => undefined,
        (error: unknown) => {
          if (isRaw) throw error;
          return { error };
        },
      );
    server.addHandler(group, settled as never, false, { subscription: { topic, group } });
    await new Promise<void>((resolve, reject) =>
      server.listen((error) => (error instanceof Error ? reject(error) : resolve())),
    );
    running.push(started);
    return started;
  }

  const send = (...values: string[]) =>
    publisher.publish(values.map((value) => ({ topic: credentialsTopic, key: 'same', value })));
  const passed = (milliseconds: number) => {
    const beganAt = performance.now();
    return () => performance.now() - beganAt > milliseconds;
  };
  const texts = (batch: MessageBatch) => batch.messages.map(({ value }) => value!.toString());

  it('delivers whole batches in order, and after a stop only what was not committed (I8)', async () => {
    const group = groupName();
    const first: string[] = [];
    const one = await start(group, async (batch, context) => {
      for (const message of batch.messages) {
        first.push(message.value!.toString());
        if (message.value!.toString() === 'd2') await context.commit(message.offset);
      }
    });
    await send('d1', 'd2', 'd3');
    await waitFor('the first delivery', () => first.includes('d3'));
    await one.server.close();
    running = [];
    expect(first.slice(0, 3)).toEqual(['d1', 'd2', 'd3']);

    const second: string[] = [];
    await start(group, async (batch, context) => {
      second.push(...texts(batch));
      await context.commit(batch.messages.at(-1)!.offset);
    });
    await waitFor('the redelivery', () => second.length > 0);
    expect(second).toEqual(['d3']);
  });

  it('gives a batch again whose handler threw, tells its health, and causes no rebalance', async () => {
    const deliveries: string[][] = [];
    const troubles: string[] = [];
    const started = await start(groupName(), async (batch, context) => {
      deliveries.push(texts(batch).filter((text) => text.startsWith('t')));
      if (deliveries.length < 4) {
        troubles.push(started.health.report().detail);
        throw new Error('MongoDB is away');
      }
      await context.commit(batch.messages.at(-1)!.offset);
    });
    await send('t1', 't2');
    await waitFor('the batch to pass', () => deliveries.length >= 4);
    await waitFor('health', () => started.health.report().ok);
    const last = deliveries.filter((texts) => texts.includes('t1'));
    expect(new Set(last.map((one) => one.join())).size).toBe(1);
    expect(troubles.some((detail) => detail.includes('is failing: MongoDB is away'))).toBe(true);
    expect(started.assignments).toBe(1);
    expect(started.fatal).toEqual([]);
  });

  it('reads on from where it is told, and leaves a paused partition alone', async () => {
    const seen: number[] = [];
    let resume: (() => void) | null = null;
    let hasSought = false;
    await start(groupName(), async (batch, context) => {
      if (!hasSought) {
        hasSought = true;
        context.seek(batch.messages[0]!.offset + 2);
        return;
      }
      seen.push(...batch.messages.map(({ offset }) => offset));
      if (!resume) resume = context.pause();
      else await context.commit(batch.messages.at(-1)!.offset);
    });
    await waitFor('the pause', () => resume);
    const paused = seen.length;
    expect(seen[0]).toBe(2);
    await send('p1');
    resume!();
    await waitFor('work to go on', () => seen.length > paused);
  });

  it('lets running work finish when it is closed', async () => {
    let finish!: () => void;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    let state = 'idle';
    const started = await start(groupName(), async (_batch, context) => {
      state = 'working';
      await gate;
      state = context.isCurrent() ? 'finished' : 'finished while stopping';
    });
    await waitFor('the work to begin', () => state === 'working');
    const closed = started.server.close();
    running = [];
    finish();
    await closed;
    expect(state).toBe('finished while stopping');
  });

  it('comes back by itself, under the same group, when kafkajs gives up on a consumer', async () => {
    const texts: string[] = [];
    let crashes = 0;
    await send('before', 'after');
    const started = await start(
      groupName(),
      async (batch, context) => {
        if ((crashes += 1) < 3) throw new KafkaJSNonRetriableError('kafkajs gave up');
        texts.push(...batch.messages.map(({ value }) => value!.toString()));
        await context.commit(batch.messages.at(-1)!.offset);
      },
      true,
    );
    await waitFor('the first crash to show', () => started.health.report().detail.includes('kafkajs gave up'));
    await waitFor('the messages', () => texts.includes('after'));
    await waitFor('good health', () => started.health.report().ok);
    expect(started.assignments).toBe(3);
    expect(started.fatal).toEqual([]);
  });

  it('goes on as before when the wall clock steps back by an hour', async () => {
    const trueClock = Date.now;
    const step = jest.spyOn(Date, 'now');
    try {
      const texts: string[] = [];
      const started = await start(groupName(), async (batch, context) => {
        texts.push(...batch.messages.map(({ value }) => value!.toString()));
        await context.commit(batch.messages.at(-1)!.offset);
      });
      await send('at the true time');
      await waitFor('the first message', () => texts.includes('at the true time'));
      step.mockImplementation(() => trueClock() - 3_600_000);
      // Longer than a session: a member without heartbeats is expelled by then.
      await waitFor('a session to pass', passed(15_000));
      await send('an hour earlier');
      await waitFor('the second message', () => texts.includes('an hour earlier'), 5_000);
      expect(started.assignments).toBe(1);
      expect(started.health.report().ok).toBe(true);
    } finally {
      step.mockRestore();
    }
  });

  it('parks what is no event or can never be taken, retries the rest, and passes over other types (P5)', async () => {
    const group = groupName();
    const event = (id: string, type: string): string =>
      JSON.stringify({
        specversion: '1.0',
        id,
        source: '/test',
        type,
        subject: 's',
        time: '2026-01-01T00:00:00.000Z',
        datacontenttype: 'application/json',
        data: {},
      } satisfies CloudEvent);
    const taken: string[] = [];
    let failures = 0;
    await send('no event', event('e1', 'wanted'), event('e2', 'other'), event('bad', 'wanted'), event('e3', 'wanted'));
    await start(group, (batch, context) =>
      consumeEvents(batch, context, {
        group,
        deadLetters: new DeadLetters(publisher),
        types: new Set(['wanted']),
        take: async ({ id }) => {
          if (id === 'bad') throw new AppError('unusable', 'This event can never be taken.');
          if (id === 'e3' && (failures += 1) < 3) throw new Error('away');
          taken.push(id);
        },
      }),
    );
    await waitFor('the last event', () => taken.includes('e3'));
    // What came before the failure is repeated: a handler must be safe to repeat.
    expect(new Set(taken)).toEqual(new Set(['e1', 'e3']));
    const letters = await readTopic(environment.kafka, deadLettersTopic);
    const unusable = letters.filter(({ headers }) => headers['group'] === group && headers['code'] === 'unusable');
    expect(unusable[0]!.headers).toMatchObject({
      topic: credentialsTopic.name,
      reason: 'This event can never be taken.',
    });
    expect(letters.some(({ value, headers }) => value === 'no event' && headers['code'] === 'not-an-event')).toBe(true);
  });
});
