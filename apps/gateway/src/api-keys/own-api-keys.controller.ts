import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { createOwnApiKey, getOwnApiKey, listOwnApiKeys, revokeOwnApiKey } from './api-keys.operations.js';
import { OwnApiKeysService } from './own-api-keys.service.js';

@Controller()
export class OwnApiKeysController {
  constructor(private readonly service: OwnApiKeysService) {}

  @Operation(listOwnApiKeys)
  list(@Call() { query, caller }: CallOf<typeof listOwnApiKeys>) {
    return this.service.list(query, caller);
  }

  @Operation(getOwnApiKey)
  get(@Call() { params, caller }: CallOf<typeof getOwnApiKey>) {
    return this.service.get(params.id, caller);
  }

  @Operation(createOwnApiKey)
  create(@Call() call: CallOf<typeof createOwnApiKey>) {
    return this.service.create(call.body, call);
  }

  @Operation(revokeOwnApiKey)
  revoke(@Call() { params, caller }: CallOf<typeof revokeOwnApiKey>) {
    return this.service.revoke(params.id, caller);
  }
}
