import { Controller, Inject } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getSaasApp, listSaasApps, listSaasUsers } from './saas-apps.operations.js';
import { SaasAppsQueries } from './saas-apps.queries.js';

@Controller()
export class SaasAppsController {
  constructor(@Inject(SaasAppsQueries) private readonly queries: SaasAppsQueries) {}

  @Operation(listSaasApps)
  list(@Call() { query }: CallOf<typeof listSaasApps>) {
    return this.queries.list(query);
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
