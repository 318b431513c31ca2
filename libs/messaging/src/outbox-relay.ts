import type { OutboxDocument } from '@rollcall/collections';
import { type TopicDefinition, topics } from '@rollcall/contracts';
import type { Collection } from 'mongodb';

import type { OutboxCommandSender } from './command-sender.js';
import { cloudEventHeaders } from './event-headers.js';
import type { Leases } from './leases.js';
import type { Publisher } from './publisher.js';

const leaseMs = 10_000;
const batchSize = 200;

const topicsByName = new Map<string, TopicDefinition>(topics.map((topic) => [topic.name, topic]));

export interface OutboxRelayOptions {
  readonly collection: Collection<OutboxDocument>;
  readonly leases: Leases;
  readonly publisher: Publisher;
  readonly commands: OutboxCommandSender;
  /** Epoch milliseconds by the database's clock, which all replicas share. */
  readonly now: () => number;
}

/**
 * Publishes the outbox in order. One replica holds the lease; an entry is deleted after its ack (events) or once its
 * owner has a result (commands), so a crash repeats and never loses (F6).
 */
export class OutboxRelay {
  constructor(private readonly options: OutboxRelayOptions) {}

  /** Another replica may go on at once. */
  async release(): Promise<void> {
    await this.options.leases.release('outbox-relay');
  }

  /** One batch of what waits. True if there may be more to do at once. */
  async relay(): Promise<boolean> {
    const { collection, leases } = this.options;
    const waiting = await collection
      .find({ notBefore: { $lte: new Date(this.options.now()) } })
      .sort({ order: 1 })
      .limit(batchSize)
      .toArray();
    if (waiting.length === 0) return false;
    if (!(await leases.take('outbox-relay', leaseMs))) return false;
    await this.publishEvents(waiting.filter((entry) => entry.kind === 'event'));
    await this.sendCommands(waiting.filter((entry) => entry.kind === 'command'));
    return waiting.length === batchSize;
  }

  private async publishEvents(entries: readonly OutboxDocument[]): Promise<void> {
    if (entries.length === 0) return;
    await this.options.publisher.publish(
      entries.map((entry) => ({
        topic: topicOf(entry),
        key: entry.key,
        value: entry.value,
        headers: cloudEventHeaders,
      })),
    );
    await this.options.collection.deleteMany({ _id: { $in: entries.map((entry) => entry._id) } });
  }

  private async sendCommands(entries: readonly OutboxDocument[]): Promise<void> {
    const { collection, commands } = this.options;
    for (const entry of entries) {
      if (await commands.isSettled(entry)) {
        await collection.deleteOne({ _id: entry._id });
        continue;
      }
      await commands.sendAgain(entry);
      const pauseMs = Math.min(500 * 2 ** entry.attempts, 60_000);
      await collection.updateOne(
        { _id: entry._id },
        { $set: { notBefore: new Date(this.options.now() + pauseMs) }, $inc: { attempts: 1 } },
      );
    }
  }
}

function topicOf(entry: OutboxDocument): TopicDefinition {
  const topic = topicsByName.get(entry.topic);
  if (!topic) throw new Error(`outbox entry ${entry._id} names the unknown topic ${entry.topic}`);
  return topic;
}
