import { Module } from '@nestjs/common';

import { RecordsModule } from '../records/records.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { HarmlessSteps } from './harmless-steps.service.js';
import { SubjectsService } from './subjects.service.js';

@Module({
  imports: [RecordsModule, VendorsModule],
  providers: [HarmlessSteps, SubjectsService],
  exports: [HarmlessSteps, SubjectsService],
})
export class StepsModule {}
