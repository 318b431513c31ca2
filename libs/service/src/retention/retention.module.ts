import { type DynamicModule, Module, type Type } from '@nestjs/common';

import { RetentionService } from './retention.service.js';
import { RETENTION_RULES, type RetentionRules } from './retention-rules.js';

/** Makes a service delete what is older than its settings keep it. */
@Module({})
export class RetentionModule {
  static of(rules: Type<RetentionRules>, imports: NonNullable<DynamicModule['imports']> = []): DynamicModule {
    return {
      module: RetentionModule,
      imports,
      providers: [RetentionService, { provide: RETENTION_RULES, useClass: rules }],
    };
  }
}
