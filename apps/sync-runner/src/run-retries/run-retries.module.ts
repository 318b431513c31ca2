import { Module } from '@nestjs/common';

import { PreviewsModule } from '../previews/previews.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { RunRetriesCommands } from './run-retries.commands.js';
import { RunRetriesService } from './run-retries.service.js';

@Module({ imports: [PreviewsModule, RunsModule], providers: [RunRetriesCommands, RunRetriesService] })
export class RunRetriesModule {}
