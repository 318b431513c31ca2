import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { SaasAppsController } from './saas-apps.controller.js';
import { SaasAppsQueries } from './saas-apps.queries.js';
import { SaasAppsService } from './saas-apps.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [SaasAppsController],
  providers: [SaasAppsQueries, SaasAppsService],
})
export class SaasAppsModule {}
