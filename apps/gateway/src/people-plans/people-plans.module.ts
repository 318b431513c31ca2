import { Module } from '@nestjs/common';

import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { PeoplePlansController } from './people-plans.controller.js';
import { PeoplePlansQueries } from './people-plans.queries.js';
import { PeoplePlansService } from './people-plans.service.js';

@Module({
  imports: [ApiKeysModule, CommandsModule],
  controllers: [PeoplePlansController],
  providers: [PeoplePlansQueries, PeoplePlansService],
})
export class PeoplePlansModule {}
