import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getNotice, listNotices, markNoticeRead } from './notices.operations.js';
import { NoticesQueries } from './notices.queries.js';
import { NoticesService } from './notices.service.js';

@Controller()
export class NoticesController {
  constructor(
    private readonly queries: NoticesQueries,
    private readonly service: NoticesService,
  ) {}

  @Operation(listNotices)
  list(@Call() { query }: CallOf<typeof listNotices>) {
    return this.queries.list(query);
  }

  @Operation(getNotice)
  get(@Call() { params }: CallOf<typeof getNotice>) {
    return this.queries.get(params.id);
  }

  @Operation(markNoticeRead)
  markRead(@Call() call: CallOf<typeof markNoticeRead>) {
    return this.service.markRead(call.params.id, call);
  }
}
