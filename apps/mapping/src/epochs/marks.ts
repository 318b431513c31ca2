import { Inject, Injectable } from '@nestjs/common';
import { recordMarksTopic } from '@rollcall/contracts';
import { KafkaConnection, MessageVerifier, Publisher, readTopic } from '@rollcall/messaging';
import { INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';
import { z } from 'zod';

const markSchema = z.object({
  epoch: z.string(),
  /** Of the topic, with this mark. */
  length: z.number().int().positive(),
});

/** The topic whose length mapping's database holds as well. */
@Injectable()
export class Marks {
  private readonly verifier: MessageVerifier;

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly publisher: Publisher,
    @Inject(INFRASTRUCTURE) { signing }: Infrastructure,
  ) {
    this.verifier = new MessageVerifier(recordMarksTopic, kafka.nameOf(recordMarksTopic.name), signing);
  }

  async make(epoch: string, length: number): Promise<void> {
    const value = JSON.stringify({ epoch, length } satisfies z.infer<typeof markSchema>);
    await this.publisher.publish([{ topic: recordMarksTopic, key: epoch, value }]);
  }

  /**
   * Whether mapping itself made the topic longer than `length`, and not somebody else who can write to it. Reads the topic, so
   * it is for the rare moment in which that is in doubt.
   */
  async haveReached(length: number): Promise<boolean> {
    for (const { partition, offset, key, value, headers } of await readTopic(this.kafka, recordMarksTopic)) {
      if (offset < length) continue;
      const message = { offset, key, value: Buffer.from(value), headers };
      if (this.verifier.refusalOf(partition, message) === null && lengthOf(value) > length) return true;
    }
    return false;
  }
}

function lengthOf(value: string): number {
  const mark = markSchema.safeParse(JSON.parse(value));
  return mark.success ? mark.data.length : 0;
}
