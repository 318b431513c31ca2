import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { UndoLoop } from './undo-loop.js';
import { UndoingCommands } from './undoing.commands.js';
import { UndoingService } from './undoing.service.js';

@Module({
  imports: [IntegrationsModule, ReadingModule, RunsModule],
  providers: [UndoingCommands, UndoingService, UndoLoop],
})
export class UndoingModule {}
