import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { TrialsService } from './trials.service.js';

@Module({ imports: [IntegrationsModule, LeasesModule], providers: [TrialsService] })
export class TrialsModule {}
