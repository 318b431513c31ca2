import { Module } from '@nestjs/common';

import { NoticesModule } from '../notices/notices.module.js';
import { Backlogs } from './backlogs.js';
import { WatchesConsumer } from './watches.consumer.js';
import { WatchesRepository } from './watches.repository.js';
import { WatchesService } from './watches.service.js';

@Module({
  imports: [NoticesModule],
  controllers: [WatchesConsumer],
  providers: [WatchesService, WatchesRepository, Backlogs],
  exports: [WatchesService, Backlogs],
})
export class WatchesModule {}
