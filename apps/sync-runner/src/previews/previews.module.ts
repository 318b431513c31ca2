import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { PreviewsCommands } from './previews.commands.js';
import { PreviewsService } from './previews.service.js';

@Module({
  imports: [IntegrationsModule, RunsModule],
  providers: [PreviewsCommands, PreviewsService],
  exports: [PreviewsService],
})
export class PreviewsModule {}
