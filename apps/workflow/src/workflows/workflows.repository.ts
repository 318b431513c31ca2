import { Injectable } from '@nestjs/common';
import {
  Databases,
  trusted,
  type WorkflowDocument,
  workflows,
  type WorkflowVersionDocument,
  workflowVersions,
} from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

/** Writes workflows and their published versions; versions are never changed afterwards. */
@Injectable()
export class WorkflowsRepository {
  constructor(private readonly databases: Databases) {}

  find(id: string, session: ClientSession): Promise<WorkflowDocument | null> {
    return this.workflows.findOne({ _id: id }, null, { session }).lean();
  }

  async isNameTaken(name: string, except: string, session: ClientSession): Promise<boolean> {
    const other = await this.workflows.findOne({ name, _id: trusted({ $ne: except }) }, { _id: 1 }, { session }).lean();
    return other !== null;
  }

  async insert(workflow: WorkflowDocument, session: ClientSession): Promise<void> {
    await this.workflows.create([workflow], { session });
  }

  async replace(workflow: WorkflowDocument, session: ClientSession): Promise<void> {
    await this.workflows.replaceOne({ _id: workflow._id }, workflow, { session });
  }

  async publish(version: WorkflowVersionDocument, session: ClientSession): Promise<void> {
    await this.versions.create([version], { session });
  }

  findVersion(workflow: string, version: number, session?: ClientSession): Promise<WorkflowVersionDocument | null> {
    return this.versions.findOne({ _id: versionId(workflow, version) }, null, { session }).lean();
  }

  /** Ids of the versions that start at this moment. */
  async activeVersionIds(): Promise<string[]> {
    const active = await this.workflows.find({ state: 'active' }, { activeVersion: 1 }).lean();
    return active.flatMap(({ _id, activeVersion }) => (activeVersion === null ? [] : [versionId(_id, activeVersion)]));
  }

  findVersions(ids: readonly string[]): Promise<WorkflowVersionDocument[]> {
    return this.versions.find({ _id: trusted({ $in: [...ids] }) }).lean();
  }

  private get workflows() {
    return this.databases.model(workflows);
  }

  private get versions() {
    return this.databases.model(workflowVersions);
  }
}

export function versionId(workflow: string, version: number): string {
  return `${workflow}/${version}`;
}
