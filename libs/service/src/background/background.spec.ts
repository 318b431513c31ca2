import { describe, expect, it } from '@jest/globals';
import { type BeforeApplicationShutdown, Global, Injectable, Module, type Type } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { createLogger } from '@rollcall/observability';

import { CONFIG, LOGGER } from '../infrastructure.module.js';
import type { ServiceConfig } from '../service-config.js';
import { Background } from './background.js';
import { BackgroundModule } from './background.module.js';
import { Drains, EveryInterval } from './background-work.js';

interface TestConfig extends ServiceConfig {
  readonly LOOK_MS: number;
}

const longMs = 3_600_000;
const config = { LOOK_MS: longMs } as TestConfig;

@Global()
@Module({
  providers: [
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useValue: createLogger({ service: 'test', level: 'silent' }) },
  ],
  exports: [CONFIG, LOGGER],
})
class TestInfrastructure {}

/** Counts calls, and tells when there were so many. */
class Calls {
  private count = 0;
  private readonly waiting: { readonly least: number; readonly resolve: () => void }[] = [];

  get all(): number {
    return this.count;
  }

  add(): number {
    this.count += 1;
    for (const { resolve } of this.waiting.filter(({ least }) => least <= this.count)) resolve();
    return this.count;
  }

  atLeast(least: number): Promise<void> {
    if (this.count >= least) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ least, resolve }));
  }
}

@Injectable()
class Queue {
  readonly calls = new Calls();
  left = 3;

  @Drains({ name: 'queue', idleMs: longMs })
  async drain(): Promise<boolean> {
    this.calls.add();
    this.left = Math.max(0, this.left - 1);
    return this.left > 0;
  }
}

@Injectable()
class Watch {
  readonly calls = new Calls();

  @EveryInterval('watch', (configured: TestConfig) => configured.LOOK_MS)
  async look(): Promise<void> {
    this.calls.add();
  }
}

@Injectable()
class Unmarked {}

async function started(...providers: Type<object>[]) {
  const testing = await Test.createTestingModule({
    imports: [TestInfrastructure, BackgroundModule],
    providers,
  }).compile();
  const app = testing.createNestApplication({ logger: false });
  try {
    return await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
}

describe('the background of a service', () => {
  it('drains what a method is marked for, again at once while there is more', async () => {
    const app = await started(Queue);
    const { calls } = app.get(Queue);
    await calls.atLeast(3);
    app.get(Queue).left = 2;
    app.get(Background).wake(Queue);
    await calls.atLeast(5);
    await app.close();
    expect(calls.all).toBe(5);
  });

  it('registers what happens by the clock with @nestjs/schedule, at the interval of the configuration', async () => {
    const app = await started(Queue, Watch);
    const registry = app.get(SchedulerRegistry);
    expect(registry.getIntervals()).toEqual(['watch']);
    expect((registry.getInterval('watch') as { _repeat: number })._repeat).toBe(longMs);
    await app.get(Watch).calls.atLeast(1);
    app.get(Background).wake(Watch);
    await app.get(Watch).calls.atLeast(2);
    await app.close();
    expect(registry.getIntervals()).toEqual([]);
  });

  it('repeats what happens by the clock', async () => {
    @Injectable()
    class Often {
      readonly calls = new Calls();

      @EveryInterval('often', 1)
      async look(): Promise<boolean> {
        this.calls.add();
        return false;
      }
    }
    const app = await started(Often);
    await expect(app.get(Often).calls.atLeast(4)).resolves.toBeUndefined();
    await app.close();
  });

  it('has stopped, after the step under way, before a provider hands over what its steps began', async () => {
    const order: string[] = [];
    const gate: { open: () => void } = { open: () => undefined };

    @Injectable()
    class Holder implements BeforeApplicationShutdown {
      readonly calls = new Calls();

      @Drains({ name: 'holder', idleMs: 1 })
      async step(): Promise<boolean> {
        this.calls.add();
        await new Promise<void>((resolve) => (gate.open = resolve));
        order.push('step ended');
        return true;
      }

      beforeApplicationShutdown(): void {
        order.push('handed over');
      }
    }
    const app = await started(Holder);
    await app.get(Holder).calls.atLeast(1);
    const closed = app.close();
    setImmediate(() => gate.open());
    await closed;
    expect(order).toEqual(['step ended', 'handed over']);
  });

  it('starts at once what must not wait for the modules, and stops it with the others', async () => {
    const testing = await Test.createTestingModule({ imports: [TestInfrastructure, BackgroundModule] }).compile();
    const app = testing.createNestApplication({ logger: false });
    const calls = new Calls();
    app.get(Background).every({ name: 'early', everyMs: 1, step: async () => void calls.add() });
    await calls.atLeast(2);
    await app.init();
    await app.close();
    expect(app.get(SchedulerRegistry).getIntervals()).toEqual([]);
  });

  it('refuses two intervals of one name, and to wake what is not marked', async () => {
    @Injectable()
    class Other {
      @EveryInterval('watch', longMs)
      async look(): Promise<void> {}
    }
    await expect(started(Watch, Other)).rejects.toThrow('two intervals are named "watch"');

    const app = await started(Watch, Unmarked);
    expect(() => app.get(Background).wake(Unmarked)).toThrow('Unmarked has no method that @Drains or @EveryInterval');
    await app.close();
  });

  it('is reached by injection', async () => {
    @Injectable()
    class Commands {
      constructor(readonly background: Background) {}
    }
    const app = await started(Queue, Commands);
    await app.get(Queue).calls.atLeast(3);
    app.get(Commands).background.wake(Queue);
    await app.get(Queue).calls.atLeast(4);
    await app.close();
  });
});
