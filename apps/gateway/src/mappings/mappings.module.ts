import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { MappingsController } from './mappings.controller.js';
import { MappingsQueries } from './mappings.queries.js';
import { MappingsService } from './mappings.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [MappingsController],
  providers: [MappingsQueries, MappingsService],
})
export class MappingsModule {}
