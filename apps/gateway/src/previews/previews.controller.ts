import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { applyPreview, getPreview, listPreviewGroups, listPreviewLines, startPreview } from './previews.operations.js';
import { PreviewsQueries } from './previews.queries.js';
import { PreviewsService } from './previews.service.js';

@Controller()
export class PreviewsController {
  constructor(
    private readonly queries: PreviewsQueries,
    private readonly service: PreviewsService,
  ) {}

  @Operation(startPreview)
  start(@Call() call: CallOf<typeof startPreview>) {
    return this.service.start(call.params.id, call);
  }

  @Operation(getPreview)
  get(@Call() { params }: CallOf<typeof getPreview>) {
    return this.queries.get(params.id);
  }

  @Operation(listPreviewLines)
  lines(@Call() { params, query }: CallOf<typeof listPreviewLines>) {
    return this.queries.lines(params.id, query);
  }

  @Operation(listPreviewGroups)
  groups(@Call() { params }: CallOf<typeof listPreviewGroups>) {
    return this.queries.groups(params.id);
  }

  @Operation(applyPreview)
  apply(@Call() call: CallOf<typeof applyPreview>) {
    return this.service.apply(call.params.id, call);
  }
}
