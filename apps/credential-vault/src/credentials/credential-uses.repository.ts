import { Injectable } from '@nestjs/common';
import { Databases, integrations, trusted, workflows, workflowVersions } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

/** What stops working without a credential, by name. */
export interface CredentialUses {
  readonly integrations: readonly string[];
  readonly workflows: readonly string[];
}

/** Reads who uses a credential, out of what sync-runner and workflow publish. */
@Injectable()
export class CredentialUsesRepository {
  constructor(private readonly databases: Databases) {}

  async usesOf(credential: string, session: ClientSession): Promise<CredentialUses> {
    const using = await this.databases
      .model(integrations)
      .find({ credential }, { name: 1 }, { session, sort: { name: 1 } })
      .lean();
    return { integrations: using.map(({ name }) => name), workflows: await this.workflowsWith(credential, session) };
  }

  /** Active ones: by the version that runs, or by what the next activation would run. */
  private async workflowsWith(credential: string, session: ClientSession): Promise<string[]> {
    const active = await this.databases
      .model(workflows)
      .find({ state: 'active' }, null, { session, sort: { name: 1 } })
      .lean();
    const versions = await this.databases
      .model(workflowVersions)
      .find(
        {
          _id: trusted({ $in: active.map(({ _id, activeVersion }) => `${_id}/${activeVersion}`) }),
          'definition.blocks.credential': credential,
        },
        { workflow: 1 },
        { session },
      )
      .lean();
    const running = new Set(versions.map(({ workflow }) => workflow));
    return active
      .filter(
        ({ _id, definition }) => running.has(_id) || definition.blocks.some((block) => block.credential === credential),
      )
      .map(({ name }) => name);
  }
}
