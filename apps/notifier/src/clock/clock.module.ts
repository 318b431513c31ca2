import { Module, type DynamicModule } from '@nestjs/common';

import { CLOCK, systemClock, type Clock } from './clock.js';

@Module({})
export class ClockModule {
  static of(clock: Clock = systemClock): DynamicModule {
    return { module: ClockModule, global: true, providers: [{ provide: CLOCK, useValue: clock }], exports: [CLOCK] };
  }
}
