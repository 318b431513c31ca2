import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@rollcall/observability';

import { CONFIG, LOGGER } from '../infrastructure.module.js';
import type { ServiceConfig } from '../service-config.js';
import { type BackgroundWork, backgroundWorkOf } from './background-work.js';
import type { Driver } from './driver.js';
import { Loop } from './loop.js';
import { TimedSteps, type TimedStepsOptions } from './timed-steps.js';

type Method = () => Promise<boolean | void>;

/**
 * Starts and stops every `@Drains` and `@EveryInterval` method of the providers. Inject it to wake one.
 *
 * It stops while modules are destroyed, so that a provider that has to hand over what its steps began does so in
 * `beforeApplicationShutdown`, when no further step begins.
 */
@Injectable()
export class Background implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly drivers: Driver[] = [];
  private driversOf: Map<object, Driver[]> | null = null;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly registry: SchedulerRegistry,
    @Inject(CONFIG) private readonly config: ServiceConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const found = new Map<object, Driver[]>();
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null || found.has(instance)) continue;
      const drivers = this.driversIn(instance as Record<string, unknown>);
      if (drivers.length > 0) found.set(instance, drivers);
    }
    this.driversOf = found;
    this.drivers.push(...[...found.values()].flat());
  }

  onApplicationBootstrap(): void {
    for (const driver of [...(this.driversOf?.values() ?? [])].flat()) driver.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  /** No step begins any more. Resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.drivers.map((driver) => driver.stop()));
  }

  /**
   * Has the marked methods of a provider look at once instead of at their next time. Before the start it does nothing,
   * because each looks at the start.
   */
  wake(provider: Type<object>): void {
    if (this.driversOf === null) return;
    const woken = [...this.driversOf].filter(([instance]) => instance instanceof provider);
    if (woken.length === 0) throw new Error(`${provider.name} has no method that @Drains or @EveryInterval marks`);
    for (const driver of woken.flatMap(([, drivers]) => drivers)) driver.wake();
  }

  /** For what must not wait until the modules are initialised: it begins at once, and is stopped with the others. */
  every(options: Omit<TimedStepsOptions, 'logger'>): void {
    const steps = new TimedSteps(this.registry, { ...options, logger: this.logger });
    this.drivers.push(steps);
    steps.start();
  }

  private driversIn(provider: Record<string, unknown>): Driver[] {
    return this.scanner.getAllMethodNames(Object.getPrototypeOf(provider) as object).flatMap((property) => {
      const work = backgroundWorkOf(provider[property]);
      return work === null ? [] : [this.driverOf(work, (provider[property] as Method).bind(provider))];
    });
  }

  private driverOf({ kind, name, period }: BackgroundWork, step: Method): Driver {
    const everyMs = typeof period === 'number' ? period : period(this.config);
    const options = { name, logger: this.logger, step };
    return kind === 'drains'
      ? new Loop({ ...options, idleMs: everyMs })
      : new TimedSteps(this.registry, { ...options, everyMs });
  }
}
