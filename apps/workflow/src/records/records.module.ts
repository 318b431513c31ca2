import { Module } from '@nestjs/common';

import { PublishedRecords } from './published-records.repository.js';

@Module({ providers: [PublishedRecords], exports: [PublishedRecords] })
export class RecordsModule {}
