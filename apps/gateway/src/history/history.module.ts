import { Module } from '@nestjs/common';

import { HistoryQueries } from './history.queries.js';

@Module({ providers: [HistoryQueries], exports: [HistoryQueries] })
export class HistoryModule {}
