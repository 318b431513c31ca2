import { Controller } from '@nestjs/common';

import { Lines } from '../http/lines.js';
import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { exportAuditEvents, listAuditEvents, verifyAudit } from './audit.operations.js';
import { AuditQueries } from './audit.queries.js';

@Controller()
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Operation(listAuditEvents)
  list(@Call() { query }: CallOf<typeof listAuditEvents>) {
    return this.queries.list(query);
  }

  @Operation(exportAuditEvents)
  export(@Call() { query }: CallOf<typeof exportAuditEvents>) {
    return Promise.resolve(new Lines(this.queries.lines(query)));
  }

  @Operation(verifyAudit)
  verify(@Call() _: CallOf<typeof verifyAudit>) {
    return this.queries.verify();
  }
}
