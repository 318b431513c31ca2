import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { NoticesController } from './notices.controller.js';
import { NoticesQueries } from './notices.queries.js';
import { NoticesService } from './notices.service.js';

@Module({ imports: [CommandsModule], controllers: [NoticesController], providers: [NoticesQueries, NoticesService] })
export class NoticesModule {}
