import { Inject, Injectable } from '@nestjs/common';
import { runsTopic } from '@rollcall/contracts';
import { KafkaConnection, partitionBounds } from '@rollcall/messaging';

/** Group that reads the runs topic. */
export const runsGroup = 'notifier.runs';

/**
 * Whether everything in the runs topic was taken. After a stop of its own, notifier would otherwise take the events
 * that it has not read yet for runs that did not start or did not end.
 */
@Injectable()
export class RunsBacklog {
  constructor(@Inject(KafkaConnection) private readonly kafka: KafkaConnection) {}

  async isEmpty(): Promise<boolean> {
    const topic = this.kafka.nameOf(runsTopic.name);
    const bounds = await partitionBounds(this.kafka, runsTopic);
    const [committed] = await this.kafka.withAdmin((admin) =>
      admin.fetchOffsets({ groupId: this.kafka.groupOf(runsGroup), topics: [topic] }),
    );
    const next = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return [...bounds].every(([partition, { low, high }]) => high === low || (next.get(partition) ?? -1) >= high);
  }
}
