import { Module } from '@nestjs/common';

import { RawRecordsService } from './raw-records.service.js';
import { ReadingService } from './reading.service.js';

@Module({ providers: [ReadingService, RawRecordsService], exports: [ReadingService, RawRecordsService] })
export class ReadingModule {}
