import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { explainDeactivation } from './explanations.operations.js';
import { ExplanationsQueries } from './explanations.queries.js';

@Controller()
export class ExplanationsController {
  constructor(private readonly queries: ExplanationsQueries) {}

  @Operation(explainDeactivation)
  explain(@Call() { params }: CallOf<typeof explainDeactivation>) {
    return this.queries.explain(params.id);
  }
}
