import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { inTransaction, messagingCollections, type OutboxDocument } from '@rollcall/collections';
import { credentialsTopic, observeAccount, peopleTopic, personUpdated } from '@rollcall/contracts';
import { createLogger } from '@rollcall/observability';
import { Loop } from '@rollcall/service';
import { readTopic, TestEnvironment, waitFor } from '@rollcall/testing';
import type { Collection } from 'mongodb';

import { ensureTopics, Inbox, Leases, Outbox, OutboxRelay, Publisher } from '../src/index.js';

const collections = messagingCollections('workflow');

jest.setTimeout(60_000);

describe('leases, outbox and inbox', () => {
  let environment: TestEnvironment;
  let publisher: Publisher;
  let outboxCollection: Collection<OutboxDocument>;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('workflow');
    await ensureTopics(environment.kafka, [peopleTopic, credentialsTopic], 1);
    publisher = new Publisher(environment.kafka, await environment.signingOf('workflow'));
    outboxCollection = environment.databases.collection(collections.outbox);
  });

  afterAll(async () => {
    await publisher.close();
    await environment.remove();
  });

  const leasesOf = (holder: string) => new Leases(environment.databases.collection(collections.leases), holder);

  describe('a lease', () => {
    it('is held by one at a time, renewed by its holder, and free once released', async () => {
      const [a, b] = [leasesOf('a'), leasesOf('b')];
      expect([await a.take('one', 60_000), await b.take('one', 60_000), await a.take('one', 60_000)]).toEqual([
        true,
        false,
        true,
      ]);
      await b.release('one');
      expect(await b.take('one', 60_000)).toBe(false);
      await a.release('one');
      expect(await b.take('one', 60_000)).toBe(true);
    });

    it('goes to exactly one of many who ask for the first time at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, index) => leasesOf(`h${index}`).take('rush', 60_000)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('runs out by the clock of the database, not by that of a process (P44)', async () => {
      const realNow = Date.now;
      try {
        // A process whose clock is a day behind: its lease lasts all the same, from the first time on.
        Date.now = () => realNow() - 86_400_000;
        expect(await leasesOf('late').take('clock', 60_000)).toBe(true);
        Date.now = () => realNow() + 86_400_000;
        expect(await leasesOf('early').take('clock', 60_000)).toBe(false);
      } finally {
        Date.now = realNow;
      }
      expect(await leasesOf('late').take('clock', 1)).toBe(true);
      await waitFor('the lease to run out', () => leasesOf('other').take('clock', 60_000), 5_000);
    });
  });

  describe('the outbox', () => {
    beforeEach(async () => {
      await outboxCollection.deleteMany({});
    });

    /** Driven as a service drives it. */
    const relayWith = (holder: string, send: Publisher, settled = new Set<string>(), sent: string[] = []) => {
      const relay = new OutboxRelay({
        collection: outboxCollection,
        leases: leasesOf(holder),
        publisher: send,
        now: Date.now,
        commands: {
          isSettled: async ({ _id }) => settled.has(_id),
          sendAgain: async ({ _id }) => void sent.push(_id),
        },
      });
      const logger = createLogger({ service: 'test', level: 'error' });
      const loop = new Loop({ name: 'outbox relay', idleMs: 50, logger, step: () => relay.relay() });
      return {
        start: () => loop.start(),
        stop: async () => {
          await loop.stop();
          await relay.release();
        },
      };
    };
    const event = (id: string) => ({
      id,
      key: 'person',
      subject: 'person',
      time: '2026-01-01T00:00:00.000Z',
      data: {
        revision: 1,
        record: { id: 'person' } as never,
        changed: {},
        cause: { kind: 'refold' as const, version: 1 },
      },
    });
    const write = (ids: string[]) =>
      inTransaction(environment.databases, async (session) => {
        const outbox = new Outbox(outboxCollection);
        for (const id of ids) await outbox.event(session, personUpdated, event(id));
      });
    const published = async () => (await readTopic(environment.kafka, peopleTopic)).map(({ value }) => value);
    const emptied = () =>
      waitFor('the outbox to be empty', async () => (await outboxCollection.countDocuments()) === 0);

    it('says what a transaction wrote, in its order, and nothing of one that was rolled back', async () => {
      const relay = relayWith('order', publisher);
      relay.start();
      await write(['o1', 'o2', 'o3']);
      await expect(
        inTransaction(environment.databases, async (session) => {
          await new Outbox(outboxCollection).event(session, personUpdated, event('never'));
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      await emptied();
      await relay.stop();
      const ids = (await published()).map((value) => (JSON.parse(value) as { id: string }).id);
      expect(ids).toEqual(['people/o1', 'people/o2', 'people/o3']);
    });

    it('tells whoever relays when the transaction is over, once for all that it wrote', async () => {
      const told: number[] = [];
      const outbox = new Outbox(outboxCollection, () => told.push(1));
      await inTransaction(environment.databases, async (session) => {
        await outbox.event(session, personUpdated, event('t1'));
        await outbox.event(session, personUpdated, event('t2'));
        expect(told).toHaveLength(0);
      });
      expect(told).toHaveLength(1);
    });

    it('says it again with the same bytes after a crash between ack and delete (F6)', async () => {
      const before = (await published()).length;
      await write(['c1', 'c2']);
      const stored = await outboxCollection.find().sort({ order: 1 }).toArray();
      const first = relayWith('first', publisher);
      first.start();
      await emptied();
      await first.stop();
      // What a process that died before the delete leaves behind.
      await outboxCollection.insertMany(stored);
      const second = relayWith('second', publisher);
      second.start();
      await emptied();
      await second.stop();
      const said = (await published()).slice(before);
      expect(said).toHaveLength(4);
      expect(said.slice(2)).toEqual(said.slice(0, 2));
    });

    it('sends a command again until its owner has a result (F4)', async () => {
      const settled = new Set<string>();
      const sent: string[] = [];
      const input = {
        account: 'a',
        observedAt: 1,
        finding: 'gone' as const,
        evidence: { workflowRun: 'w', step: 's', text: 't' },
      };
      await inTransaction(environment.databases, (session) =>
        new Outbox(outboxCollection).command(session, observeAccount, {
          key: 'k1',
          aggregate: 'a',
          actor: 'workflow',
          correlationId: 'test',
          input,
        }),
      );
      const relay = relayWith('commands', publisher, settled, sent);
      relay.start();
      await waitFor('the command to be sent twice', () => sent.length >= 2);
      expect(new Set(sent)).toEqual(new Set(['account.observe/k1']));
      settled.add('account.observe/k1');
      await emptied();
      await relay.stop();
    });

    it('is relayed by one replica only, while that one lives', async () => {
      await leasesOf('holder').take('outbox-relay', 60_000);
      const before = (await published()).length;
      const idle = relayWith('idle', publisher);
      idle.start();
      await write(['held']);
      const holder = relayWith('holder', publisher);
      holder.start();
      await emptied();
      await Promise.all([idle.stop(), holder.stop()]);
      expect(await published()).toHaveLength(before + 1);
    });
  });

  it('takes an event id once, however often it comes, and not at all if the effect is rolled back (C6)', async () => {
    const inbox = new Inbox(environment.databases.collection(collections.inbox), Date.now);
    const take = () => inTransaction(environment.databases, (session) => inbox.takeOnce(session, 'event-1'));
    await expect(
      inTransaction(environment.databases, async (session) => {
        await inbox.takeOnce(session, 'event-1');
        throw new Error('no effect');
      }),
    ).rejects.toThrow('no effect');
    expect(await Promise.all([take(), take(), take()])).toEqual(expect.arrayContaining([true, false, false]));
    expect(await take()).toBe(false);
  });
});
