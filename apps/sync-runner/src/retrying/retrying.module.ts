import { Module } from '@nestjs/common';

import { PreviewsModule } from '../previews/previews.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { RetryingCommands } from './retrying.commands.js';
import { RetryingService } from './retrying.service.js';

@Module({ imports: [PreviewsModule, RunsModule], providers: [RetryingCommands, RetryingService] })
export class RetryingModule {}
