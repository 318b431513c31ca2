import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getConnector, listConnectors, listCredentialTypes, listEventTypes } from './catalog.operations.js';
import { CatalogQueries } from './catalog.queries.js';

@Controller()
export class CatalogController {
  constructor(private readonly queries: CatalogQueries) {}

  @Operation(listConnectors)
  listConnectors(@Call() { query }: CallOf<typeof listConnectors>) {
    return this.queries.listConnectors(query);
  }

  @Operation(getConnector)
  getConnector(@Call() { params }: CallOf<typeof getConnector>) {
    return this.queries.getConnector(params.id);
  }

  @Operation(listCredentialTypes)
  listCredentialTypes() {
    return this.queries.listCredentialTypes();
  }

  @Operation(listEventTypes)
  listEventTypes() {
    return this.queries.listEventTypes();
  }
}
