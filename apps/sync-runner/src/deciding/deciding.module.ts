import { Module } from '@nestjs/common';

import { HeldPlansModule } from '../held-plans/held-plans.module.js';
import { IntegrationsModule } from '../integrations/integrations.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { DecidingCommands } from './deciding.commands.js';
import { DecidingService } from './deciding.service.js';

@Module({
  imports: [HeldPlansModule, IntegrationsModule, RunsModule, SweepsModule],
  providers: [DecidingCommands, DecidingService],
})
export class DecidingModule {}
