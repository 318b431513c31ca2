import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';

import { Background } from './background.js';

@Global()
@Module({ imports: [DiscoveryModule, ScheduleModule.forRoot()], providers: [Background], exports: [Background] })
export class BackgroundModule {}
