import { type DynamicModule, Module, type Type } from '@nestjs/common';

import { ErasuresService } from './erasures.service.js';
import { PERSONAL_TRACES, type PersonalTraces } from './personal-traces.js';

/** Makes a service erase what it holds of people whom mapping erased. */
@Module({})
export class ErasuresModule {
  /** @param traces what the service holds, and @param imports modules that it needs */
  static of(traces: Type<PersonalTraces>, imports: NonNullable<DynamicModule['imports']> = []): DynamicModule {
    return {
      module: ErasuresModule,
      imports,
      providers: [ErasuresService, { provide: PERSONAL_TRACES, useClass: traces }],
    };
  }
}
