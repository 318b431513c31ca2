import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { IntegrationsController } from './integrations.controller.js';
import { IntegrationsQueries } from './integrations.queries.js';
import { IntegrationsService } from './integrations.service.js';

@Module({
  imports: [CommandsModule, OperatorsModule],
  controllers: [IntegrationsController],
  providers: [IntegrationsQueries, IntegrationsService],
})
export class IntegrationsModule {}
