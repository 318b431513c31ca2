import { Injectable } from '@nestjs/common';
import { peoplePlansTopic, runsTopic, type TopicDefinition } from '@rollcall/contracts';
import { KafkaConnection, partitionBounds } from '@rollcall/messaging';

/** Groups that read the topics from which notices are made. */
export const runsGroup = 'notifier.runs';
export const peoplePlansGroup = 'notifier.people-plans';

/** Whether everything in the topics of notifier was taken. */
@Injectable()
export class Backlogs {
  constructor(private readonly kafka: KafkaConnection) {}

  /**
   * After a stop of its own, notifier would otherwise take the events of runs that it has not read yet for runs that did
   * not start or did not end.
   */
  areRunsRead(): Promise<boolean> {
    return this.isRead(runsTopic, runsGroup);
  }

  /** Nothing is left that a notice could still be made of. */
  async areAllRead(): Promise<boolean> {
    return (await this.areRunsRead()) && (await this.isRead(peoplePlansTopic, peoplePlansGroup));
  }

  private async isRead(definition: TopicDefinition, group: string): Promise<boolean> {
    const topic = this.kafka.nameOf(definition.name);
    const bounds = await partitionBounds(this.kafka, definition);
    const [committed] = await this.kafka.withAdmin((admin) =>
      admin.fetchOffsets({ groupId: this.kafka.groupOf(group), topics: [topic] }),
    );
    const next = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return [...bounds].every(([partition, { low, high }]) => high === low || (next.get(partition) ?? -1) >= high);
  }
}
