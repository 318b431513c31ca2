import { Injectable } from '@nestjs/common';
import { Databases, type RunDocument } from '@rollcall/collections';
import { previewLifeMs, type RunRecord } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { IntegrationsService } from '../integrations/integrations.service.js';
import { RunRequestsService } from '../runs/run-requests.service.js';
import { isCompleted } from '../runs/run-state.js';
import { notAPreview, previewExpired, previewNotComplete, previewOutdated } from './previews.errors.js';

/** Previews, and the runs that apply them (E6, E7). */
@Injectable()
export class PreviewsService {
  constructor(
    private readonly databases: Databases,
    private readonly integrations: IntegrationsService,
    private readonly requests: RunRequestsService,
  ) {}

  /** Drafts and paused integrations too: whoever launches one wants to see first what it would do. */
  async preview(id: string, context: CommandContext): Promise<RunRecord> {
    const integration = await this.integrations.get(id, context.session);
    await this.integrations.ready(integration);
    return this.requests.preview(integration, context);
  }

  /** @throws PreviewError when it is none, is not complete, or no longer says what a run would do */
  async apply(id: string, context: CommandContext): Promise<RunRecord> {
    const preview = await this.requests.get(id, context.session);
    if (preview.scope !== 'preview') throw notAPreview(id);
    if (!isCompleted(preview.state)) throw previewNotComplete(id, preview.state);
    if (this.databases.timeMs() - Date.parse(preview.endedAt!) > previewLifeMs) throw previewExpired(id);
    if (await this.isOutdated(preview, context)) throw previewOutdated(id);
    return this.requests.start(preview.integration, context, { applies: id });
  }

  private async isOutdated({ integration: id, pinned }: RunDocument, { session }: CommandContext): Promise<boolean> {
    const integration = await this.integrations.get(id, session);
    const { mappingVersion } = await this.integrations.ready(integration);
    return pinned!.mappingVersion !== mappingVersion || integration.edited.at > new Date(pinned!.startedAt);
  }
}
