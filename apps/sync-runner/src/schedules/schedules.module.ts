import { Module } from '@nestjs/common';

import { RunsModule } from '../runs/runs.module.js';
import { ScheduleTicker } from './schedule-ticker.js';
import { SchedulesRepository } from './schedules.repository.js';
import { SchedulesService } from './schedules.service.js';

@Module({ imports: [RunsModule], providers: [SchedulesService, SchedulesRepository, ScheduleTicker] })
export class SchedulesModule {}
