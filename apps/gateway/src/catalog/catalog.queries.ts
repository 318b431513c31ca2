import { Injectable } from '@nestjs/common';
import { logos, manifests } from '@rollcall/connectors/manifests';
import { advancedSchemes, type CatalogConnector, type CatalogQuery, definedEvents } from '@rollcall/contracts';
import { z } from 'zod';

import { found } from '../gateway.errors.js';
import { hasWords } from './has-words.js';

@Injectable()
export class CatalogQueries {
  private readonly connectors = Object.values(manifests).map((manifest): CatalogConnector => ({
    ...manifest,
    logo: logos[manifest.id] ?? '',
  }));
  /** Made once: schemas do not change while a process lives. */
  private readonly eventTypes = definedEvents().map(({ type, topic, description, data }) => ({
    type,
    topic: topic.name,
    visibility: topic.visibility,
    description,
    dataSchema: z.toJSONSchema(data, { io: 'output' }) as Record<string, unknown>,
  }));

  async listConnectors({ q = '' }: CatalogQuery) {
    return { items: this.connectors.filter((connector) => hasWords(connector, q)) };
  }

  async getConnector(id: string): Promise<CatalogConnector> {
    return found(this.connectors.find((connector) => connector.id === id) ?? null, `connector ${id}`);
  }

  async listCredentialTypes() {
    return { items: [...advancedSchemes] };
  }

  async listEventTypes() {
    return { items: this.eventTypes };
  }
}
