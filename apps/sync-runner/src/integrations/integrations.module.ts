import { Module } from '@nestjs/common';

import { HeldPlansModule } from '../held-plans/held-plans.module.js';
import { IntegrationMessagesService } from './integration-messages.service.js';
import { IntegrationsCommands } from './integrations.commands.js';
import { IntegrationsRepository } from './integrations.repository.js';
import { IntegrationsService } from './integrations.service.js';

@Module({
  imports: [HeldPlansModule],
  providers: [IntegrationMessagesService, IntegrationsCommands, IntegrationsService, IntegrationsRepository],
  exports: [IntegrationsService],
})
export class IntegrationsModule {}
