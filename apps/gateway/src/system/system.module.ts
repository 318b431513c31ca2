import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { SystemController } from './system.controller.js';
import { SystemQueries } from './system.queries.js';
import { SystemService } from './system.service.js';

@Module({ imports: [CommandsModule], controllers: [SystemController], providers: [SystemQueries, SystemService] })
export class SystemModule {}
