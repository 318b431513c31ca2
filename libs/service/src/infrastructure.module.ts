import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import {
  CommandSender,
  CommandServer,
  ConsumerHealth,
  DeadLetters,
  Inbox,
  KafkaConnection,
  Leases,
  Outbox,
  Publisher,
} from '@rollcall/messaging';
import { HealthRegistry } from '@rollcall/observability';

import type { Infrastructure } from './infrastructure.js';

/** Injection tokens of what is no class. */
export const LOGGER = Symbol('logger');
export const METRICS = Symbol('metrics');
export const INFRASTRUCTURE = Symbol('infrastructure');
/** The service's parsed configuration. */
export const CONFIG = Symbol('config');

/** Puts the connected infrastructure into Nest, so that features inject `Databases`, `Publisher`, `Outbox` … by class. */
@Global()
@Module({})
export class InfrastructureModule {
  static of(infrastructure: Infrastructure): DynamicModule {
    const providers: Provider[] = [
      { provide: INFRASTRUCTURE, useValue: infrastructure },
      { provide: CONFIG, useValue: infrastructure.config },
      { provide: LOGGER, useValue: infrastructure.logger },
      { provide: METRICS, useValue: infrastructure.metrics },
      { provide: HealthRegistry, useValue: infrastructure.health },
      { provide: Databases, useValue: infrastructure.databases },
      { provide: KafkaConnection, useValue: infrastructure.kafka },
      { provide: ConsumerHealth, useValue: infrastructure.consumerHealth },
      { provide: Publisher, useValue: infrastructure.publisher },
      { provide: DeadLetters, useValue: infrastructure.deadLetters },
      { provide: Leases, useValue: infrastructure.leases },
      { provide: Inbox, useValue: infrastructure.inbox },
      { provide: Outbox, useValue: infrastructure.outbox },
      { provide: CommandSender, useValue: infrastructure.commandSender },
      { provide: CommandServer, useValue: infrastructure.commandServer },
    ];
    return { module: InfrastructureModule, providers, exports: providers };
  }
}
