import { Injectable } from '@nestjs/common';
import {
  Databases,
  fields,
  integrations,
  type MappingDocument,
  mappings,
  queryTimeMs,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import type { ListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { suggestEntries } from './suggest-entries.js';

const byVersion: Searchable = {
  fields: {},
  sortable: { version: 'version' },
  defaultSort: '-version',
};

@Injectable()
export class MappingsQueries {
  constructor(private readonly databases: Databases) {}

  async newest(integration: string) {
    const newest = await this.databases
      .model(mappings)
      .findOne({ integration }, null, { sort: { version: -1 }, maxTimeMS: queryTimeMs })
      .lean();
    return told(found(newest, `mapping of an integration ${integration}`));
  }

  async versions(integration: string, query: ListQuery) {
    await this.newest(integration);
    const { items, page } = await searchPage(this.databases.model(mappings), byVersion, query, [
      { integration: { $eq: integration } },
    ]);
    return { items: items.map(told), page };
  }

  async fields() {
    const all = await this.databases.model(fields).find({}, null, { maxTimeMS: queryTimeMs }).sort({ _id: 1 }).lean();
    return { items: all };
  }

  async field(variable: string) {
    const options = { maxTimeMS: queryTimeMs };
    const field = await this.databases.model(fields).findOne({ _id: variable }, null, options).lean();
    return found(field, `people field ${variable}`);
  }

  async suggestions(id: string) {
    const integration = await this.databases
      .model(integrations)
      .findOne({ _id: id }, { connector: 1 }, { maxTimeMS: queryTimeMs })
      .lean();
    const { connector } = found(integration, `integration ${id}`);
    const manifest = found(manifests[connector] ?? null, `connector ${connector}`);
    const { definition } = await this.newest(id);
    return { items: suggestEntries(manifest, definition, (await this.fields()).items) };
  }
}

function told({ integration, version, definition, createdAt }: Omit<MappingDocument, '_id'>) {
  return { integration, version, definition, createdAt: createdAt.toISOString() };
}
