import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { IntegrationsController } from './integrations.controller.js';
import { IntegrationsQueries } from './integrations.queries.js';
import { IntegrationsService } from './integrations.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [IntegrationsController],
  providers: [IntegrationsQueries, IntegrationsService],
})
export class IntegrationsModule {}
