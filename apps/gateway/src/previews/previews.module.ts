import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { PreviewsController } from './previews.controller.js';
import { PreviewsQueries } from './previews.queries.js';
import { PreviewsService } from './previews.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [PreviewsController],
  providers: [PreviewsQueries, PreviewsService],
})
export class PreviewsModule {}
