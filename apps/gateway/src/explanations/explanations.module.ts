import { Module } from '@nestjs/common';

import { HistoryModule } from '../history/history.module.js';
import { ExplanationsController } from './explanations.controller.js';
import { ExplanationsQueries } from './explanations.queries.js';

@Module({ imports: [HistoryModule], controllers: [ExplanationsController], providers: [ExplanationsQueries] })
export class ExplanationsModule {}
