import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { EarlierRunsRepository } from './earlier-runs.repository.js';
import { PlanLinesRepository } from './plan-lines.repository.js';
import { RunEvidenceService } from './run-evidence.service.js';

@Module({
  imports: [IntegrationsModule, SweepsModule],
  providers: [EarlierRunsRepository, PlanLinesRepository, RunEvidenceService],
  exports: [PlanLinesRepository, RunEvidenceService],
})
export class DeactivationGuardModule {}
