import { type CloudEvent, peopleTopic, saasUsersTopic, type TopicDefinition } from '@rollcall/contracts';
import { type KafkaConnection, readTopic } from '@rollcall/messaging';

/** What the documentation lets a consumer of records look at. */
interface RecordEventData {
  readonly epoch?: string;
  readonly revision: number;
  readonly record: { readonly id: string };
}

interface Held extends RecordEventData {
  readonly partition: number;
}

/**
 * A consumer that does what docs/guides/consume-events.md says, and keeps what it was told across restores. It remembers the
 * bytes of every id as well: none may be said with others.
 */
export class RecordFollower {
  readonly faults: string[] = [];
  private readonly held = new Map<string, Map<string, Held>>();
  private readonly bytes = new Map<string, string>();
  private readonly ends = new Set<string>();

  constructor(private readonly kafka: KafkaConnection) {}

  /** Takes everything that lies in the topics. What was taken before is taken again, which must change nothing. */
  async follow(): Promise<this> {
    for (const topic of [peopleTopic, saasUsersTopic]) {
      for (const { partition, value } of await readTopic(this.kafka, topic)) this.take(topic, partition, value);
    }
    return this;
  }

  recordsOf(topic: TopicDefinition): Map<string, object> {
    return new Map([...(this.held.get(topic.noun) ?? [])].map(([id, { record }]) => [id, record]));
  }

  /** Whether every partition of both topics was told that all was said in this epoch. */
  hasHeardEndOf(epoch: string): boolean {
    return [peopleTopic, saasUsersTopic].every(({ noun, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => `${noun}/${partition}/${epoch}`).every((end) =>
        this.ends.has(end),
      ),
    );
  }

  /** What was not said in this epoch does not exist. */
  private end({ noun }: TopicDefinition, partition: number, epoch: string): void {
    this.ends.add(`${noun}/${partition}/${epoch}`);
    const records = this.held.get(noun)!;
    for (const [id, held] of records) {
      if (held.partition === partition && (held.epoch ?? '') < epoch) records.delete(id);
    }
  }

  private take(topic: TopicDefinition, partition: number, value: string): void {
    const { id, type, subject, data } = JSON.parse(value) as CloudEvent<RecordEventData>;
    if ((this.bytes.get(id) ?? value) !== value) this.faults.push(`event ${id} was published with other bytes`);
    this.bytes.set(id, value);
    const records = this.held.get(topic.noun) ?? new Map<string, Held>();
    this.held.set(topic.noun, records);
    if (type.endsWith('.resync-started')) return;
    if (type.endsWith('.resync-ended')) return this.end(topic, partition, data.epoch!);
    const known = records.get(subject);
    if (known !== undefined && !isNewer(data, known)) return;
    if (type === 'saas-user.removed') records.delete(subject);
    else records.set(subject, { ...data, partition });
  }
}

function isNewer(one: RecordEventData, other: RecordEventData): boolean {
  const [epoch, known] = [one.epoch ?? '', other.epoch ?? ''];
  return epoch > known || (epoch === known && one.revision > other.revision);
}
