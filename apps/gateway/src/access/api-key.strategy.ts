import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';

import { ApiKeysService } from '../api-keys/api-keys.service.js';
import type { Caller } from '../http/operation.js';

/** Longest text that is looked up as a key. */
const longestKey = 200;

/** Passport strategy: who is behind the key of a request? `false` when there is none or it is of no use. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(Strategy, 'api-key') {
  constructor(@Inject(ApiKeysService) private readonly apiKeys: ApiKeysService) {
    super();
  }

  async validate(request: Request): Promise<Caller | false> {
    const key = keyOf(request);
    return key === null ? false : ((await this.apiKeys.callerOf(key)) ?? false);
  }
}

/** `Authorization: Bearer <key>`, else `X-Api-Key: <key>`. */
function keyOf({ headers }: Request): string | null {
  const bearer =
    headers.authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? '');
  const key = bearer ?? headers['x-api-key'];
  return typeof key === 'string' && key.length > 0 && key.length <= longestKey ? key : null;
}
