import { Injectable } from '@nestjs/common';
import { Databases, samples, type SamplesDocument } from '@rollcall/collections';
import type { ClientSession, Collection } from 'mongodb';

@Injectable()
export class SamplesRepository {
  private readonly samples: Collection<SamplesDocument>;

  constructor(databases: Databases) {
    this.samples = databases.collection(samples);
  }

  async put({ _id, ...document }: SamplesDocument): Promise<void> {
    await this.samples.replaceOne({ _id }, document, { upsert: true });
  }

  async remove(integration: string, session: ClientSession): Promise<void> {
    await this.samples.deleteOne({ _id: integration }, { session });
  }

  async find(integration: string): Promise<SamplesDocument | null> {
    return this.samples.findOne({ _id: integration });
  }
}
