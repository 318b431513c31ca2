import { Inject, Injectable } from '@nestjs/common';
import { Databases, integrations, workflows, workflowVersions } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

/** What stops working without a credential, by name. */
export interface CredentialUses {
  readonly integrations: readonly string[];
  readonly workflows: readonly string[];
}

/** Reads who uses a credential, out of what sync-runner and workflow publish. */
@Injectable()
export class CredentialUsesRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async usesOf(credential: string, session: ClientSession): Promise<CredentialUses> {
    const using = await this.databases
      .collection(integrations)
      .find({ credential }, { session, projection: { name: 1 }, sort: { name: 1 } })
      .toArray();
    return { integrations: using.map(({ name }) => name), workflows: await this.workflowsWith(credential, session) };
  }

  /** Active ones: by the version that runs, or by what the next activation would run. */
  private async workflowsWith(credential: string, session: ClientSession): Promise<string[]> {
    const active = await this.databases
      .collection(workflows)
      .find({ state: 'active' }, { session, sort: { name: 1 } })
      .toArray();
    const versions = await this.databases
      .collection(workflowVersions)
      .find(
        {
          _id: { $in: active.map(({ _id, activeVersion }) => `${_id}/${activeVersion}`) },
          'definition.blocks.credential': credential,
        },
        { session, projection: { workflow: 1 } },
      )
      .toArray();
    const running = new Set(versions.map(({ workflow }) => workflow));
    return active
      .filter(
        ({ _id, definition }) => running.has(_id) || definition.blocks.some((block) => block.credential === credential),
      )
      .map(({ name }) => name);
  }
}
