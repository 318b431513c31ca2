import { Controller } from '@nestjs/common';

import { Lines } from '../http/lines.js';
import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { exportUseLog, listUseLog, verifyUseLog } from './use-log.operations.js';
import { UseLogQueries } from './use-log.queries.js';

@Controller()
export class UseLogController {
  constructor(private readonly queries: UseLogQueries) {}

  @Operation(listUseLog)
  list(@Call() { query }: CallOf<typeof listUseLog>) {
    return this.queries.list(query);
  }

  @Operation(exportUseLog)
  export(@Call() { query }: CallOf<typeof exportUseLog>) {
    return Promise.resolve(new Lines(this.queries.lines(query)));
  }

  @Operation(verifyUseLog)
  verify(@Call() _: CallOf<typeof verifyUseLog>) {
    return this.queries.verify();
  }
}
