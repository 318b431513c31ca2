import { Injectable } from '@nestjs/common';
import { manifests } from '@rollcall/connectors/manifests';
import { type ConnectorManifest, definedEvents } from '@rollcall/contracts';
import { z } from 'zod';

import { found } from '../gateway.errors.js';

@Injectable()
export class CatalogQueries {
  /** Made once: schemas do not change while a process lives. */
  private readonly eventTypes = definedEvents().map(({ type, topic, description, data }) => ({
    type,
    topic: topic.name,
    visibility: topic.visibility,
    description,
    dataSchema: z.toJSONSchema(data, { io: 'output' }) as Record<string, unknown>,
  }));

  async listConnectors() {
    return { items: Object.values(manifests) };
  }

  async getConnector(id: string): Promise<ConnectorManifest> {
    return found(Object.hasOwn(manifests, id) ? manifests[id] : null, `connector ${id}`);
  }

  async listEventTypes() {
    return { items: this.eventTypes };
  }
}
