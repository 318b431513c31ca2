import { Module } from '@nestjs/common';

import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { HeldPlansController } from './held-plans.controller.js';
import { HeldPlansQueries } from './held-plans.queries.js';
import { HeldPlansService } from './held-plans.service.js';

@Module({
  imports: [ApiKeysModule, CommandsModule],
  controllers: [HeldPlansController],
  providers: [HeldPlansQueries, HeldPlansService],
})
export class HeldPlansModule {}
