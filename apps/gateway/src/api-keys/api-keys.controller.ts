import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { createApiKey, getApiKey, listApiKeys, revokeApiKey } from './api-keys.operations.js';
import { ApiKeysQueries } from './api-keys.queries.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller()
export class ApiKeysController {
  constructor(
    private readonly queries: ApiKeysQueries,
    private readonly service: ApiKeysService,
  ) {}

  @Operation(listApiKeys)
  list(@Call() { query }: CallOf<typeof listApiKeys>) {
    return this.queries.list(query);
  }

  @Operation(getApiKey)
  get(@Call() { params }: CallOf<typeof getApiKey>) {
    return this.queries.get(params.id);
  }

  @Operation(createApiKey)
  create(@Call() call: CallOf<typeof createApiKey>) {
    return this.service.create(call.body, call);
  }

  @Operation(revokeApiKey)
  revoke(@Call() { params }: CallOf<typeof revokeApiKey>) {
    return this.service.revoke(params.id);
  }
}
