import { Module } from '@nestjs/common';

import { HealthCommands } from './health.commands.js';
import { HealthRepository } from './health.repository.js';
import { HealthService } from './health.service.js';

@Module({ providers: [HealthCommands, HealthRepository, HealthService], exports: [HealthService] })
export class HealthModule {}
