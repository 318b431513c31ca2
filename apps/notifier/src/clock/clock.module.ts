import { type DynamicModule, Module } from '@nestjs/common';

import { CLOCK, type Clock, systemClock } from './clock.js';

@Module({})
export class ClockModule {
  static of(clock: Clock = systemClock): DynamicModule {
    return { module: ClockModule, global: true, providers: [{ provide: CLOCK, useValue: clock }], exports: [CLOCK] };
  }
}
