import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { RunUndoCommands } from './run-undo.commands.js';
import { RunUndoService } from './run-undo.service.js';
import { UndoneReportsService } from './undone-reports.service.js';

@Module({
  imports: [IntegrationsModule, ReadingModule, RunsModule, SweepsModule],
  providers: [RunUndoCommands, RunUndoService, UndoneReportsService],
  exports: [UndoneReportsService],
})
export class RunUndoModule {}
