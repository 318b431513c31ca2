import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getOperation } from './operations.operations.js';
import { OperationsQueries } from './operations.queries.js';

@Controller()
export class OperationsController {
  constructor(private readonly queries: OperationsQueries) {}

  @Operation(getOperation)
  get(@Call() { params, caller }: CallOf<typeof getOperation>) {
    return this.queries.get(params.id, caller);
  }
}
