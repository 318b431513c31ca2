import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { HistoryModule } from '../history/history.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsQueries } from './accounts.queries.js';
import { AccountsService } from './accounts.service.js';

@Module({
  imports: [CommandsModule, HistoryModule, ListsModule],
  controllers: [AccountsController],
  providers: [AccountsQueries, AccountsService],
})
export class AccountsModule {}
