import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { UndoingCommands } from './undoing.commands.js';
import { UndoingService } from './undoing.service.js';
import { UndoneReportsService } from './undone-reports.service.js';

@Module({
  imports: [IntegrationsModule, ReadingModule, RunsModule, SweepsModule],
  providers: [UndoingCommands, UndoingService, UndoneReportsService],
  exports: [UndoneReportsService],
})
export class UndoingModule {}
