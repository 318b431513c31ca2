import { Module } from '@nestjs/common';

import { CausesQueries } from './causes.queries.js';
import { HistoryQueries } from './history.queries.js';

@Module({ providers: [CausesQueries, HistoryQueries], exports: [CausesQueries, HistoryQueries] })
export class HistoryModule {}
