import { Inject, Injectable } from '@nestjs/common';
import { Databases, type WorkflowDocument } from '@rollcall/collections';
import type { Connector } from '@rollcall/connector-kit';
import {
  type createWorkflow,
  type InputOf,
  refuseOtherVersion,
  type updateWorkflow,
  type WorkflowDefinition,
  type WorkflowRecord,
} from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { PublishedRecords } from '../records/published-records.repository.js';
import { CONNECTORS } from '../vendors/connectors.js';
import { ActiveWorkflows } from './active-workflows.service.js';
import { onlyTracked } from './known-variables.js';
import { validateDefinition } from './validate-definition.js';
import { nameTaken, workflowInvalid, workflowNotFound } from './workflows.errors.js';
import { versionId, WorkflowsRepository } from './workflows.repository.js';

@Injectable()
export class WorkflowsService {
  constructor(
    private readonly workflows: WorkflowsRepository,
    private readonly records: PublishedRecords,
    private readonly active: ActiveWorkflows,
    private readonly databases: Databases,
    @Inject(CONNECTORS) private readonly connectors: Readonly<Record<string, Connector>>,
  ) {}

  async create(input: InputOf<typeof createWorkflow>, { session }: CommandContext): Promise<WorkflowRecord> {
    await this.check(input.definition);
    if (await this.workflows.isNameTaken(input.name, input.id, session)) throw nameTaken(input.name);
    const now = this.databases.time().toISOString();
    const { id, name, description, definition } = input;
    const workflow: WorkflowDocument = {
      _id: id,
      version: 1,
      name,
      description,
      state: 'draft',
      definition,
      activeVersion: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.workflows.insert(workflow, session);
    return toRecord(workflow);
  }

  async update(input: InputOf<typeof updateWorkflow>, { session }: CommandContext): Promise<WorkflowRecord> {
    const before = await this.get(input.id, session);
    refuseOtherVersion(input.ifVersion, before.version, 'the workflow');
    if (input.definition) await this.check(input.definition);
    if (input.name !== undefined && (await this.workflows.isNameTaken(input.name, input.id, session))) {
      throw nameTaken(input.name);
    }
    return this.save(
      {
        ...before,
        name: input.name ?? before.name,
        description: input.description ?? before.description,
        definition: input.definition ?? before.definition,
      },
      session,
    );
  }

  /** Publishes what is stored as a version of its own. Activating again what runs unchanged is no fault. */
  async activate(id: string, { session, afterCommit }: CommandContext): Promise<WorkflowRecord> {
    const before = await this.get(id, session);
    await this.check(before.definition);
    const now = this.databases.time();
    const version = before.version + 1;
    await this.workflows.publish(
      {
        _id: versionId(id, version),
        workflow: id,
        version,
        name: before.name,
        definition: before.definition,
        publishedAt: now,
        activeSince: (await this.activeSince(before, session)) ?? now,
      },
      session,
    );
    afterCommit(() => this.active.expire());
    return this.save({ ...before, state: 'active', activeVersion: version }, session);
  }

  async deactivate(id: string, { session, afterCommit }: CommandContext): Promise<WorkflowRecord> {
    const before = await this.get(id, session);
    afterCommit(() => this.active.expire());
    return this.save({ ...before, state: 'inactive' }, session);
  }

  /** A new version of a running workflow takes over without a gap: events on their way still start it. */
  private async activeSince(before: WorkflowDocument, session: CommandContext['session']): Promise<Date | null> {
    if (before.state !== 'active' || before.activeVersion === null) return null;
    const version = await this.workflows.findVersion(before._id, before.activeVersion, session);
    return version?.activeSince ?? version?.publishedAt ?? null;
  }

  private async check(definition: WorkflowDefinition): Promise<void> {
    const [apps, fields, mappings, credentials] = await Promise.all([
      this.records.apps(),
      this.records.fieldVariables(),
      this.records.newestMappings(),
      this.records.credentials(definition.blocks.map((block) => block.credential)),
    ]);
    const around = { connectors: this.connectors, apps, fields, tracked: onlyTracked(mappings), credentials };
    const faults = validateDefinition(definition, around);
    if (faults.length > 0) throw workflowInvalid(faults);
  }

  private async get(id: string, session: CommandContext['session']): Promise<WorkflowDocument> {
    const found = await this.workflows.find(id, session);
    if (!found) throw workflowNotFound(id);
    return found;
  }

  private async save(next: WorkflowDocument, session: CommandContext['session']): Promise<WorkflowRecord> {
    const workflow = { ...next, version: next.version + 1, updatedAt: this.databases.time().toISOString() };
    await this.workflows.replace(workflow, session);
    return toRecord(workflow);
  }
}

function toRecord({ _id, ...rest }: WorkflowDocument): WorkflowRecord {
  return { id: _id, ...rest };
}
