import { Injectable } from '@nestjs/common';
import { type AppDocument, apps, type ClientSession, Databases } from '@rollcall/collections';
import type { Model } from 'mongoose';

/** Entries of Software > SaaS that people make; those of connectors make themselves (R30). */
@Injectable()
export class AppsRepository {
  private readonly apps: Model<AppDocument>;

  constructor(databases: Databases) {
    this.apps = databases.model(apps);
  }

  async find(session: ClientSession, id: string): Promise<AppDocument | null> {
    return this.apps.findOne({ _id: id }, null, { session }).lean();
  }

  async isNameTaken(session: ClientSession, name: string): Promise<boolean> {
    return (await this.apps.findOne({ name }, { _id: 1 }, { session }).lean()) !== null;
  }

  async insert(session: ClientSession, app: AppDocument): Promise<void> {
    await this.apps.create([app], { session });
  }

  async link(session: ClientSession, id: string, connector: string): Promise<void> {
    await this.apps.updateOne({ _id: id }, { $set: { connector, linkedBy: 'person' } }, { session });
  }
}
