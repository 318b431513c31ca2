import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';

import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { keyOf } from '../http/key-of.js';
import type { Caller } from '../http/operation.js';

/** Passport strategy: who is behind the key of a request? `false` when there is none or it is of no use. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(Strategy, 'api-key') {
  constructor(private readonly apiKeys: ApiKeysService) {
    super();
  }

  async validate(request: Request): Promise<Caller | false> {
    const key = keyOf(request);
    return key === null ? false : ((await this.apiKeys.callerOf(key)) ?? false);
  }
}
