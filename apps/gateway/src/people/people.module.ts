import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { HistoryModule } from '../history/history.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { ErasuresQueries } from './erasures.queries.js';
import { PeopleController } from './people.controller.js';
import { PeopleQueries } from './people.queries.js';
import { PeopleService } from './people.service.js';
import { TrackedValuesQueries } from './tracked-values.queries.js';

@Module({
  imports: [CommandsModule, HistoryModule, ListsModule],
  controllers: [PeopleController],
  providers: [ErasuresQueries, PeopleQueries, PeopleService, TrackedValuesQueries],
})
export class PeopleModule {}
