import { Module } from '@nestjs/common';

import { NoticesModule } from '../notices/notices.module.js';
import { WatchesModule } from '../watches/watches.module.js';
import { PeoplePlansConsumer } from './people-plans.consumer.js';
import { PeoplePlansService } from './people-plans.service.js';

@Module({
  imports: [NoticesModule, WatchesModule],
  controllers: [PeoplePlansConsumer],
  providers: [PeoplePlansService],
})
export class PeoplePlansModule {}
