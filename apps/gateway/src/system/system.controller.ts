import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  getOpenApiDocument,
  getRecordsStand,
  getSystemHealth,
  resetPositions,
  resyncRecords,
  testMail,
} from './system.operations.js';
import { SystemQueries } from './system.queries.js';
import { SystemService } from './system.service.js';

@Controller()
export class SystemController {
  constructor(
    private readonly queries: SystemQueries,
    private readonly service: SystemService,
  ) {}

  @Operation(getSystemHealth)
  health() {
    return this.queries.health();
  }

  @Operation(resetPositions)
  resetPositions(@Call() call: CallOf<typeof resetPositions>) {
    return this.service.resetPositions(call);
  }

  @Operation(getRecordsStand)
  records() {
    return this.queries.records();
  }

  @Operation(resyncRecords)
  resyncRecords(@Call() call: CallOf<typeof resyncRecords>) {
    return this.service.resyncRecords(call);
  }

  @Operation(testMail)
  testMail(@Call() call: CallOf<typeof testMail>) {
    return this.service.testMail(call.body.to, call);
  }

  @Operation(getOpenApiDocument)
  openApi() {
    return this.queries.openApi();
  }
}
