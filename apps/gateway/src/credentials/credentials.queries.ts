import { Injectable } from '@nestjs/common';
import {
  credentials,
  Databases,
  findRecord,
  integrations,
  type Searchable,
  searchPage,
  trusted,
  workflows,
  workflowVersions,
} from '@rollcall/collections';
import type { CredentialKind, SearchableListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    name: { path: 'name', type: 'text' },
    connector: { path: 'connector', type: 'exact' },
    type: { path: 'type', type: 'exact' },
    createdAt: { path: 'createdAt', type: 'iso-time' },
    updatedAt: { path: 'updatedAt', type: 'iso-time' },
    expiresAt: { path: 'expiresAt', type: 'iso-time' },
    ownerEmail: { path: 'owner.email', type: 'text' },
  },
  sortable: { id: '_id', name: 'name', createdAt: 'createdAt', updatedAt: 'updatedAt' },
  defaultSort: 'name',
};

/** Reads what the vault publishes about credentials; ciphertexts lie where the gateway cannot read. */
@Injectable()
export class CredentialsQueries {
  constructor(private readonly databases: Databases) {}

  async list(query: SearchableListQuery) {
    return searchPage(this.databases.model(credentials), searchable, query);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.model(credentials), id), `credential ${id}`);
  }

  /** What says which fields it has; null where there is none. */
  async kindOf(id: string): Promise<CredentialKind | null> {
    return findRecord(this.databases.model(credentials), id);
  }

  /** Whatever names it: also a workflow that is not active, which its deletion does not wait for. */
  async uses(id: string) {
    await this.get(id);
    const named = { 'definition.blocks.credential': id };
    const [using, versions] = await Promise.all([
      this.databases.model(integrations).find({ credential: id }, { name: 1, state: 1 }).sort({ name: 1 }).lean(),
      this.databases.model(workflowVersions).find(named, { workflow: 1, version: 1 }).lean(),
    ]);
    const running = new Set(versions.map(({ workflow, version }) => `${workflow}/${version}`));
    const known = await this.databases
      .model(workflows)
      .find({ $or: [named, { _id: trusted({ $in: versions.map(({ workflow }) => workflow) }) }] }, null)
      .sort({ name: 1 })
      .lean();
    const usesIt = ({ _id, activeVersion, definition }: (typeof known)[number]) =>
      running.has(`${_id}/${activeVersion}`) || definition.blocks.some(({ credential }) => credential === id);
    return { integrations: using.map(asUse), workflows: known.filter(usesIt).map(asUse) };
  }
}

function asUse<State>({ _id, name, state }: { readonly _id: string; readonly name: string; readonly state: State }) {
  return { id: _id, name, state };
}
