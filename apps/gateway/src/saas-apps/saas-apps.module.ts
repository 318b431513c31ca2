import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { SaasAppsController } from './saas-apps.controller.js';
import { SaasAppsQueries } from './saas-apps.queries.js';
import { SaasAppsService } from './saas-apps.service.js';

@Module({
  imports: [CommandsModule, ListsModule],
  controllers: [SaasAppsController],
  providers: [SaasAppsQueries, SaasAppsService],
})
export class SaasAppsModule {}
