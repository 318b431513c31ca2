import { Module } from '@nestjs/common';

import { HistoryModule } from '../history/history.module.js';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit.queries.js';

@Module({ imports: [HistoryModule], controllers: [AuditController], providers: [AuditQueries] })
export class AuditReadingModule {}
