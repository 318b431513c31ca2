import { Injectable } from '@nestjs/common';
import type { ApiKey, CreateOwnApiKeyBody, ListQuery, Page } from '@rollcall/contracts';

import { found, GatewayError } from '../gateway.errors.js';
import type { CallContext, Caller } from '../http/operation.js';
import { ApiKeysQueries } from './api-keys.queries.js';
import { ApiKeysService } from './api-keys.service.js';
import { beyondOwnRights } from './own-rights.js';

/** Keys of one person that are of use at the same time. Whoever needs more is not one person. */
const mostOwn = 20;

/**
 * Keys that people make for themselves. They belong to whoever is signed in, so each request with one is bounded by what that
 * person may do at that moment, and ends with them. The policy lets no key in: one that made others would outlive its own end.
 */
@Injectable()
export class OwnApiKeysService {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly queries: ApiKeysQueries,
  ) {}

  list(query: ListQuery, caller: Caller): Promise<Page<ApiKey>> {
    return this.queries.list(query, caller.actor);
  }

  async get(id: string, caller: Caller): Promise<ApiKey> {
    return found(await this.queries.find(id, caller.actor), `API key ${id} of yours`);
  }

  async create(body: CreateOwnApiKeyBody, call: CallContext): Promise<ApiKey & { key: string }> {
    const owner = call.caller.actor;
    const faults = beyondOwnRights(body, call.caller.rights);
    if (faults.length > 0) throw beyondRights(faults);
    if ((await this.queries.countOfUse(owner)) >= mostOwn) throw tooMany();
    return this.keys.create({ ...body, owner }, call);
  }

  async revoke(id: string, caller: Caller): Promise<ApiKey> {
    await this.get(id, caller);
    return this.keys.revoke(id);
  }
}

const beyondRights = (faults: ReturnType<typeof beyondOwnRights>): GatewayError =>
  new GatewayError(
    'missing-scope',
    'A key of your own opens at most what you may do yourself, and this one would open more. No key was made. Leave out what is named, or ask an administrator.',
    faults,
  );

const tooMany = (): GatewayError =>
  new GatewayError(
    'too-many-keys',
    `You have ${mostOwn} keys that are of use. Revoke one that you do not need any more, then make this one.`,
  );
