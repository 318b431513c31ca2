import { Module } from '@nestjs/common';

import { IntegrationsCommands } from './integrations.commands.js';
import { IntegrationsRepository } from './integrations.repository.js';
import { IntegrationsService } from './integrations.service.js';

@Module({
  providers: [IntegrationsCommands, IntegrationsService, IntegrationsRepository],
  exports: [IntegrationsService],
})
export class IntegrationsModule {}
