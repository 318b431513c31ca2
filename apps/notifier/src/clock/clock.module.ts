import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Databases } from '@rollcall/collections';

import { CLOCK, type Clock } from './clock.js';

@Module({})
export class ClockModule {
  /** The database's clock, unless a test brings another. */
  static of(clock?: Clock): DynamicModule {
    const provider: Provider = {
      provide: CLOCK,
      inject: [Databases],
      useFactory: (databases: Databases): Clock => clock ?? { now: () => databases.time() },
    };
    return { module: ClockModule, global: true, providers: [provider], exports: [CLOCK] };
  }
}
