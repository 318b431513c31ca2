import { generateKeyPairSync, sign, verify } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AppDocument, apps, messagingCollections } from '@rollcall/collections';
import {
  AppError,
  commandDeadlineMs,
  type CommandEnvelope,
  commandSignatureHeader,
  commandsTopicOf,
  deadLettersTopic,
  holdAccount,
  type InputOf,
} from '@rollcall/contracts';
import { createLogger } from '@rollcall/observability';
import { readTopic, TestEnvironment, waitFor } from '@rollcall/testing';

import {
  type CommandContext,
  CommandSender,
  CommandServer,
  type ConsumedMessage,
  DeadLetters,
  ensureTopics,
  Publisher,
  type ServiceSigning,
} from '../src/index.js';

jest.setTimeout(60_000);

type Handle = (input: InputOf<typeof holdAccount>, context: CommandContext) => Promise<unknown>;

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const signing: ServiceSigning = {
  service: 'gateway',
  knows: () => true,
  sign: (bytes: Buffer) => sign(null, bytes, privateKey).toString('base64url'),
  verify: (_sender: string, bytes: Buffer, signature: string) =>
    verify(null, bytes, publicKey, Buffer.from(signature, 'base64url')),
  digest: (...parts) => parts.join('/'),
};

describe('the command server (protocol F)', () => {
  let environment: TestEnvironment;
  let publisher: Publisher;
  let numbers = 0;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    await ensureTopics(environment.kafka, [deadLettersTopic], 1);
    publisher = new Publisher(environment.kafka);
  });

  afterAll(async () => {
    await publisher.close();
    await environment.remove();
  });

  const results = () => environment.databases.collection(messagingCollections('mapping').commandResults);
  const effects = () => environment.databases.collection(apps);

  function serverOf(handle: Handle, options: { mode?: 'transaction' | 'outside'; now?: () => number } = {}) {
    const server = new CommandServer({
      service: 'mapping',
      databases: environment.databases,
      signing,
      deadLetters: new DeadLetters(publisher),
      logger: createLogger({ service: 'test', level: 'error' }),
      now: options.now,
    });
    server.bind({ command: holdAccount, mode: options.mode ?? 'transaction', handle: handle as never });
    return server;
  }
  /** A handler whose effect is one document under the command's id. */
  const writing: Handle = async (_input, { id, session }) => {
    await effects().insertOne({ _id: id, name: 'effect' } as AppDocument, { session });
    return { account: 'a', active: true, revision: 1 };
  };
  const envelopeOf = (change: Partial<CommandEnvelope> = {}): CommandEnvelope => ({
    id: `command-${(numbers += 1)}`,
    type: holdAccount.type,
    sender: 'gateway',
    actor: 'operator',
    correlationId: 'test',
    deadline: Date.now() + 60_000,
    aggregate: 'a',
    bodyDigest: 'digest',
    input: { account: 'a', hold: true, active: null, reason: 'test' },
    ...change,
  });
  async function deliver(server: CommandServer, ...envelopes: CommandEnvelope[]): Promise<number[]> {
    const commits: number[] = [];
    const messages = envelopes.map((envelope, offset) => {
      const value = Buffer.from(JSON.stringify(envelope));
      return { offset, key: 'a', value, headers: { [commandSignatureHeader]: signing.sign(value) } };
    });
    const context = {
      isCurrent: () => true,
      commit: async (offset: number) => void commits.push(offset),
      seek: () => undefined,
      pause: () => () => undefined,
    };
    await server.consume({ topic: commandsTopicOf('mapping'), partition: 0, messages }, context);
    return commits;
  }

  it('stores the result in the transaction of the effect, and runs a repetition never again (F2)', async () => {
    let calls = 0;
    const server = serverOf(async (input, context) => {
      calls += 1;
      return writing(input, context);
    });
    const envelope = envelopeOf();
    expect(await deliver(server, envelope, envelope)).toEqual([0, 1]);
    await deliver(server, envelope);
    expect(calls).toBe(1);
    expect(await results().findOne({ _id: envelope.id })).toMatchObject({ status: 'done', result: { revision: 1 } });
    expect(await effects().countDocuments({ _id: envelope.id })).toBe(1);
  });

  it('has one effect when two replicas take the same command at once', async () => {
    const envelope = envelopeOf();
    await Promise.all([deliver(serverOf(writing), envelope), deliver(serverOf(writing), envelope)]);
    expect(await effects().countDocuments({ _id: envelope.id })).toBe(1);
  });

  it('rolls the effect back when the deadline passes inside the transaction, and stores no refusal (F2, F4)', async () => {
    let now = Date.now();
    const server = serverOf(
      async (input, context) => {
        const result = await writing(input, context);
        now += 120_000;
        return result;
      },
      { now: () => now },
    );
    const envelope = envelopeOf();
    expect(await deliver(server, envelope)).toEqual([0]);
    expect(await effects().countDocuments({ _id: envelope.id })).toBe(0);
    expect(await results().findOne({ _id: envelope.id })).toBeNull();
  });

  it('has a deadline by the clock of the database, for whoever sends it and for whoever judges it', async () => {
    await ensureTopics(environment.kafka, [commandsTopicOf('mapping')], 1);
    const sender = new CommandSender('gateway', publisher, environment.databases, signing);
    const options = { aggregate: 'a', actor: 'operator', correlationId: 'test', input: envelopeOf().input };
    const real = Date.now();
    for (const skewMs of [3_600_000, -3_600_000]) {
      const wrong = jest.spyOn(Date, 'now').mockImplementation(() => real + skewMs);
      try {
        const idempotencyKey = `skewed-${skewMs}`;
        const { reference, outcome } = await sender.send(holdAccount, { ...options, idempotencyKey } as never, 0);
        expect(outcome).toEqual({ status: 'pending' });
        expect(Math.abs(reference.deadline - real - commandDeadlineMs)).toBeLessThan(30_000);
        const envelope = envelopeOf({ deadline: real + 60_000 });
        await deliver(serverOf(writing), envelope);
        expect(await effects().countDocuments({ _id: envelope.id })).toBe(1);
        const late = envelopeOf({ deadline: real - 60_000 });
        await deliver(serverOf(writing), late);
        expect(await effects().countDocuments({ _id: late.id })).toBe(0);
      } finally {
        wrong.mockRestore();
      }
    }
  });

  it('prepares nothing for a command that comes after its deadline: what is replayed later asks no vendor', async () => {
    const server = serverOf(writing);
    const prepared: string[] = [];
    server.prepare(holdAccount.type, async (_input, { id }) => void prepared.push(id));
    const [late, inTime] = [envelopeOf({ deadline: Date.now() - 60_000 }), envelopeOf()];
    expect(await deliver(server, late, inTime)).toEqual([0, 1]);
    expect(prepared).toEqual([inTime.id]);
    expect(await results().findOne({ _id: late.id })).toBeNull();
  });

  it('stores the refusal of a handler and of a wrong input, without any effect', async () => {
    const refusing = serverOf(async (input, context) => {
      await writing(input, context);
      throw new AppError('account-not-found', 'There is no such account.', { details: { account: 'a' } });
    });
    const [refused, wrong] = [envelopeOf(), envelopeOf({ input: { account: 7 } })];
    await deliver(refusing, refused, wrong);
    expect(await results().findOne({ _id: refused.id })).toMatchObject({
      status: 'refused',
      error: { code: 'account-not-found', details: { account: 'a' } },
    });
    expect(await results().findOne({ _id: wrong.id })).toMatchObject({
      status: 'refused',
      error: { code: 'invalid-input' },
    });
    expect(await effects().countDocuments({ _id: refused.id })).toBe(0);
  });

  it('throws what a retry may cure, so that the command comes again', async () => {
    let calls = 0;
    const server = serverOf(async (input, context) => {
      calls += 1;
      if (calls === 1) throw new AppError('busy', 'Try again.', { retriable: true });
      return writing(input, context);
    });
    const envelope = envelopeOf();
    await expect(deliver(server, envelope)).rejects.toMatchObject({ code: 'busy' });
    expect(await deliver(server, envelope)).toEqual([0]);
    expect(await results().countDocuments({ _id: envelope.id })).toBe(1);
  });

  it('runs what was asked for after the commit only once it is durable', async () => {
    const seen: number[] = [];
    const envelope = envelopeOf();
    const server = serverOf(async (input, context) => {
      context.afterCommit(
        () =>
          void effects()
            .countDocuments({ _id: envelope.id })
            .then((count) => seen.push(count)),
      );
      return writing(input, context);
    });
    await deliver(server, envelope);
    await waitFor('the action', () => seen.length > 0);
    expect(seen).toEqual([1]);
  });

  it('stores the result of a command outside a transaction after its effect', async () => {
    const envelope = envelopeOf();
    await deliver(serverOf(writing, { mode: 'outside' }), envelope, envelope);
    expect(await results().findOne({ _id: envelope.id })).toMatchObject({ status: 'done' });
    expect(await effects().countDocuments({ _id: envelope.id })).toBe(1);
  });

  it('parks what is not authentic without its body, and goes on (F1)', async () => {
    const good = envelopeOf();
    const server = serverOf(writing);
    const value = Buffer.from(JSON.stringify(envelopeOf()));
    const context = {
      isCurrent: () => true,
      commit: async () => undefined,
      seek: () => undefined,
      pause: () => () => undefined,
    };
    const signature = signing.sign(Buffer.from('something else'));
    const messages: ConsumedMessage[] = [
      { offset: 0, key: 'a', value, headers: { [commandSignatureHeader]: signature } },
      { offset: 1, key: 'a', value: Buffer.from('{'), headers: { [commandSignatureHeader]: signature } },
      { offset: 2, key: 'a', value, headers: {} },
      { offset: 3, key: 'a', value: null, headers: {} },
    ];
    await server.consume({ topic: commandsTopicOf('mapping'), partition: 4, messages }, context);
    await deliver(server, good);
    const letters = await readTopic(environment.kafka, deadLettersTopic);
    expect(letters.map(({ value: body, headers }) => [body, headers['code'], headers['partition']])).toEqual(
      Array.from({ length: 4 }, () => ['', 'command-not-authentic', '4']),
    );
    expect(await effects().countDocuments({ _id: good.id })).toBe(1);
  });
});
