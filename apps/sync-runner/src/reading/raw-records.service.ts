import { Injectable } from '@nestjs/common';
import type { RunDocument } from '@rollcall/collections';
import type { UserPage } from '@rollcall/connector-kit';
import { messageGeneration, pageAskedHeader, type Pinned, type RawMessage, rawRecordsTopic } from '@rollcall/contracts';
import { Publisher } from '@rollcall/messaging';

import { packUsers } from './pack-users.js';

/** Puts messages of a run into the partition of its integration; every call resolves with the broker's ack (A5, A7). */
@Injectable()
export class RawRecordsService {
  constructor(private readonly publisher: Publisher) {}

  async start(run: RunDocument, pinned: Pinned): Promise<void> {
    await this.control(run, { ...headOf(run), k: 'start', pinned });
  }

  /** One page in one produce request (A9). */
  async page(run: RunDocument, page: UserPage): Promise<void> {
    const { integration, generation, partition } = run;
    const headers = { [pageAskedHeader]: String(page.askedAt) };
    const values = packUsers({ integration, generation, run: run._id }, page.users);
    await this.publisher.publish(
      values.map((value) => ({ topic: rawRecordsTopic, key: integration, partition, value, headers })),
    );
  }

  async end(run: RunDocument, count: number): Promise<void> {
    await this.control(run, { ...headOf(run), k: 'end', count });
  }

  /** `generation` is the one that mapping may be reading, which is an older one when a new holder gives up. */
  async abort(run: RunDocument, generation: number, reason: string): Promise<void> {
    await this.control(run, { ...headOf(run), g: generation, k: 'abort', reason });
  }

  /** Says only that mapping may act; on what stands in the verdict that was stored before. */
  async sweep(run: RunDocument): Promise<void> {
    await this.control(run, { ...headOf(run), k: 'sweep' });
  }

  async undo(run: RunDocument, requestedAt: string): Promise<void> {
    await this.control(run, { ...headOf(run), g: messageGeneration(run.generation), k: 'undo', undo: requestedAt });
  }

  private async control({ integration, partition }: RunDocument, message: RawMessage): Promise<void> {
    const value = JSON.stringify(message);
    await this.publisher.publish([{ topic: rawRecordsTopic, key: integration, partition, value }]);
  }
}

function headOf(run: RunDocument): { i: string; g: number; r: string } {
  return { i: run.integration, g: run.generation, r: run._id };
}
