import { Inject, Injectable } from '@nestjs/common';
import { type AppDocument, apps, type ClientSession, Databases } from '@rollcall/collections';
import type { Collection } from 'mongodb';

/** Entries of Software > SaaS that people make; those of connectors make themselves (R30). */
@Injectable()
export class AppsRepository {
  private readonly apps: Collection<AppDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.apps = databases.collection(apps);
  }

  async find(session: ClientSession, id: string): Promise<AppDocument | null> {
    return this.apps.findOne({ _id: id }, { session });
  }

  async isNameTaken(session: ClientSession, name: string): Promise<boolean> {
    return (await this.apps.findOne({ name }, { session, projection: { _id: 1 } })) !== null;
  }

  async insert(session: ClientSession, app: AppDocument): Promise<void> {
    await this.apps.insertOne(app, { session });
  }

  async link(session: ClientSession, id: string, connector: string): Promise<void> {
    await this.apps.updateOne({ _id: id }, { $set: { connector, linkedBy: 'person' } }, { session });
  }
}
