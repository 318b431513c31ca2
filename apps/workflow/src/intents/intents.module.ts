import { Module } from '@nestjs/common';

import { RecordsModule } from '../records/records.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { AttemptsService } from './attempts.service.js';
import { DestructiveSteps } from './destructive-steps.service.js';
import { EffectBudgetsRepository } from './effect-budgets.repository.js';
import { EffectGuard } from './effect-guard.service.js';
import { IntentsRepository } from './intents.repository.js';

@Module({
  imports: [RecordsModule, StepsModule, VendorsModule],
  providers: [AttemptsService, DestructiveSteps, EffectBudgetsRepository, EffectGuard, IntentsRepository],
  exports: [DestructiveSteps],
})
export class IntentsModule {}
