import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { OperationsController } from './operations.controller.js';
import { OperationsQueries } from './operations.queries.js';

@Module({ imports: [CommandsModule], controllers: [OperationsController], providers: [OperationsQueries] })
export class OperationsModule {}
