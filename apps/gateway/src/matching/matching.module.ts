import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { MatchingController } from './matching.controller.js';
import { MatchingQueries } from './matching.queries.js';
import { MatchingService } from './matching.service.js';

@Module({ imports: [CommandsModule], controllers: [MatchingController], providers: [MatchingQueries, MatchingService] })
export class MatchingModule {}
