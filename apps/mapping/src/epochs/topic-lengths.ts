import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import type { PositionDocument } from '@rollcall/collections';
import {
  peopleTopic,
  rawRecordsTopic,
  recordMarksTopic,
  saasUsersTopic,
  type TopicDefinition,
} from '@rollcall/contracts';
import { committedOffsets, KafkaConnection, listTopics, partitionBounds } from '@rollcall/messaging';

import { rawRecordsGroup } from '../positions/raw-records-group.js';

/** How many messages topics were ever written; retention does not make them fewer. */
export interface Lengths {
  readonly marks: number;
  /** Of people and SaaS users together. */
  readonly published: number;
}

/** How far a partition of raw-records was read once, and what of it lies there still. */
export interface ReadOnce {
  readonly partition: number;
  readonly low: number;
  /** Offset after the last message that was read and is there. */
  readonly offset: number;
}

const mostAttempts = 100;
const betweenAttemptsMs = 200;

/** What the broker knows of how far mapping had come. */
@Injectable()
export class TopicLengths {
  constructor(private readonly kafka: KafkaConnection) {}

  /** Of a topic that was just made a broker knows no length for a moment: then it is asked again. */
  async lengths(): Promise<Lengths> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const asked = [recordMarksTopic, peopleTopic, saasUsersTopic].map((topic) => this.lengthOf(topic));
        const [marks = 0, people = 0, saasUsers = 0] = await Promise.all(asked);
        return { marks, published: people + saasUsers };
      } catch (error) {
        if (attempt >= mostAttempts || (error as { retriable?: boolean }).retriable !== true) throw error;
        await sleep(betweenAttemptsMs);
      }
    }
  }

  /** Nothing where sync-runner has not made the topic yet. */
  async readOnce(): Promise<ReadOnce[]> {
    const existing = await this.kafka.withAdmin(listTopics);
    if (!existing.includes(this.kafka.nameOf(rawRecordsTopic.name))) return [];
    const committed = await committedOffsets(this.kafka, rawRecordsTopic, rawRecordsGroup);
    if (committed.size === 0) return [];
    const bounds = await partitionBounds(this.kafka, rawRecordsTopic);
    return [...committed].map(([partition, offset]) => {
      const { low, high } = bounds.get(partition) ?? { low: 0, high: 0 };
      return { partition, low, offset: Math.min(offset, high) };
    });
  }

  private async lengthOf(topic: TopicDefinition): Promise<number> {
    const bounds = await partitionBounds(this.kafka, topic);
    return [...bounds.values()].reduce((sum, { high }) => sum + high, 0);
  }
}

/** Whether messages lie there that were read once and are not applied in this database. */
export function isUnread({ partition, low, offset }: ReadOnce, positions: readonly PositionDocument[]): boolean {
  const position = positions.find(({ _id }) => _id === partition);
  // A person accepted this topic as it is: offsets committed in the one before say nothing of it.
  if (position && position.offset < 0 && position.epoch > 0) return false;
  return Math.max(low, (position?.offset ?? -1) + 1) < offset;
}
