import { Module } from '@nestjs/common';

import { UseLogController } from './use-log.controller.js';
import { UseLogQueries } from './use-log.queries.js';

@Module({ controllers: [UseLogController], providers: [UseLogQueries] })
export class UseLogModule {}
