import { Injectable } from '@nestjs/common';
import { type AppDocument, Databases } from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import { type AppRecord, type createApp, type InputOf, type linkApp, type ResultOf } from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import { appLinked, appNotFound, nameTaken, notInCatalogue } from './apps.errors.js';
import { AppsRepository } from './apps.repository.js';

/** What people do about entries of Software > SaaS. */
@Injectable()
export class AppsService {
  constructor(
    private readonly repository: AppsRepository,
    private readonly databases: Databases,
  ) {}

  async create(
    { id, name, category }: InputOf<typeof createApp>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof createApp>> {
    if (await this.repository.isNameTaken(session, name)) throw nameTaken(name);
    const linkedBy = 'person' as const;
    const app = { _id: id, name, category, connector: null, linkedBy, createdAt: this.databases.time() };
    await this.repository.insert(session, app);
    return { app: recordOf(app) };
  }

  async link(
    { id, catalogueId }: InputOf<typeof linkApp>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof linkApp>> {
    const app = await this.repository.find(session, id);
    if (app === null) throw appNotFound(id);
    if (app.connector !== null) throw appLinked(app.name);
    const manifest = Object.values(manifests).find((one) => one.app.catalogueId === catalogueId);
    if (manifest === undefined) throw notInCatalogue(catalogueId);
    await this.repository.link(session, id, manifest.id);
    return { app: recordOf({ ...app, connector: manifest.id, linkedBy: 'person' }) };
  }
}

function recordOf({ _id, createdAt, ...app }: AppDocument): AppRecord {
  return { id: _id, ...app, createdAt: createdAt.toISOString() };
}
