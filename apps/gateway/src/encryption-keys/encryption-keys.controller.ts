import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getEncryptionKeys, rotateEncryptionKeys, verifyEncryptionKeys } from './encryption-keys.operations.js';
import { EncryptionKeysQueries } from './encryption-keys.queries.js';
import { EncryptionKeysService } from './encryption-keys.service.js';

@Controller()
export class EncryptionKeysController {
  constructor(
    private readonly queries: EncryptionKeysQueries,
    private readonly service: EncryptionKeysService,
  ) {}

  @Operation(getEncryptionKeys)
  get() {
    return this.queries.get();
  }

  @Operation(rotateEncryptionKeys)
  rotate(@Call() call: CallOf<typeof rotateEncryptionKeys>) {
    return this.service.rotate(call.body, call);
  }

  @Operation(verifyEncryptionKeys)
  verify(@Call() call: CallOf<typeof verifyEncryptionKeys>) {
    return this.service.verify(call);
  }
}
