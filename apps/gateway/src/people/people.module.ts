import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { HistoryModule } from '../history/history.module.js';
import { PeopleController } from './people.controller.js';
import { PeopleQueries } from './people.queries.js';
import { PeopleService } from './people.service.js';

@Module({
  imports: [CommandsModule, HistoryModule],
  controllers: [PeopleController],
  providers: [PeopleQueries, PeopleService],
})
export class PeopleModule {}
