import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { createSaasApp, getSaasApp, linkSaasApp, listSaasApps, listSaasUsers } from './saas-apps.operations.js';
import { SaasAppsQueries } from './saas-apps.queries.js';
import { SaasAppsService } from './saas-apps.service.js';

@Controller()
export class SaasAppsController {
  constructor(
    private readonly queries: SaasAppsQueries,
    private readonly service: SaasAppsService,
  ) {}

  @Operation(createSaasApp)
  create(@Call() call: CallOf<typeof createSaasApp>) {
    return this.service.create(call.body, call);
  }

  @Operation(linkSaasApp)
  link(@Call() call: CallOf<typeof linkSaasApp>) {
    return this.service.link(call.params.id, call.body, call);
  }

  @Operation(listSaasApps)
  list(@Call() { query, within }: CallOf<typeof listSaasApps>) {
    return this.queries.list(query, within);
  }

  @Operation(getSaasApp)
  get(@Call() { params }: CallOf<typeof getSaasApp>) {
    return this.queries.get(params.id);
  }

  @Operation(listSaasUsers)
  users(@Call() { params, query }: CallOf<typeof listSaasUsers>) {
    return this.queries.users(params.id, query);
  }
}
