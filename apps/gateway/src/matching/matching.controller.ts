import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  getSourcesOfTruth,
  linkAccount,
  listMatchingReviews,
  mergePeople,
  setSourcesOfTruth,
} from './matching.operations.js';
import { MatchingQueries } from './matching.queries.js';
import { MatchingService } from './matching.service.js';

@Controller()
export class MatchingController {
  constructor(
    private readonly queries: MatchingQueries,
    private readonly service: MatchingService,
  ) {}

  @Operation(listMatchingReviews)
  reviews(@Call() { query }: CallOf<typeof listMatchingReviews>) {
    return this.queries.reviews(query);
  }

  @Operation(linkAccount)
  link(@Call() call: CallOf<typeof linkAccount>) {
    return this.service.link(call.params.id, call.body, call);
  }

  @Operation(mergePeople)
  merge(@Call() call: CallOf<typeof mergePeople>) {
    return this.service.merge(call.params.id, call.body, call);
  }

  @Operation(getSourcesOfTruth)
  sources() {
    return this.queries.sources();
  }

  @Operation(setSourcesOfTruth)
  setSources(@Call() call: CallOf<typeof setSourcesOfTruth>) {
    return this.service.setSources(call.body.sources, call);
  }
}
