import { setTimeout as sleep } from 'node:timers/promises';

import { serviceNames } from '@rollcall/contracts';
import type { ServiceProcess } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
import type { EngineName, OwnEngines } from './own-engines.js';
import type { Random } from './seeded-random.js';
import type { Tier } from './tiers.js';

type Service = (typeof serviceNames)[number];
/** A process of a service; one of several replicas is none that another one could stand for here. */
type Victim = string;

const hourMs = 3_600_000;
/** How far a clock is ahead, or behind where that is negative. */
const offsetsMs = [-hourMs, -90_000, 90_000, hourMs, 400 * 24 * hourMs];

export interface Fault {
  /** Milliseconds since the first fault could have come. */
  readonly at: number;
  readonly kind: 'kill' | 'pause' | 'clock' | 'engine-kill' | 'engine-pause';
  readonly victims: readonly string[];
}

/**
 * Kills and pauses processes at random instants: one in five faults kills two services at once, one in
 * ten stops a service for a while and lets it go on, one in ten sets the clock of a service wrong for a while, one in eight
 * kills the broker, the database, or both, and one in twenty stops one of these for a while. A killed service is started again at once, while faults go on.
 */
export class Nemesis {
  readonly faults: Fault[] = [];
  private readonly away = new Set<Victim>();
  private readonly wrong = new Set<Service>();
  private readonly returning = new Set<Promise<void>>();
  private readonly started = performance.now();
  private readonly victims: readonly Victim[];
  private left: number;

  constructor(
    private readonly installation: Installation,
    private readonly engines: OwnEngines,
    private readonly random: Random,
    private readonly tier: Tier,
  ) {
    this.left = tier.killsPerPart;
    // In an order of their own, whoever was started first: a seed makes the same decisions again.
    const order = new Map<string, number>(serviceNames.map((name, at) => [name, at]));
    const last = serviceNames.length;
    this.victims = [...installation.everyProcess.keys()].sort(
      (one, other) => (order.get(one) ?? last) - (order.get(other) ?? last),
    );
  }

  get isDone(): boolean {
    return this.left <= 0;
  }

  get kills(): number {
    return this.faults
      .filter(({ kind }) => kind.endsWith('kill'))
      .reduce((sum, { victims }) => sum + victims.length, 0);
  }

  /** Resolves when all faults happened and everybody is back. Rejects when somebody does not come back. */
  async play(): Promise<void> {
    try {
      await this.playAll();
    } finally {
      this.left = 0;
    }
  }

  private async playAll(): Promise<void> {
    while (this.left > 0) {
      await sleep(Math.min(-Math.log(1 - this.random()) * this.tier.gapMs, 6 * this.tier.gapMs));
      const choice = this.random();
      if (choice < 0.125) await this.killEngines();
      else if (choice < 0.225) this.pause();
      else if (choice < 0.275) await this.pauseEngine();
      else if (choice < 0.375) await this.setClock();
      else await this.killServices(choice < 0.55 ? 2 : 1);
    }
    await Promise.all(this.returning);
  }

  private async killServices(count: number): Promise<void> {
    const victims: Victim[] = [];
    for (let number = 0; number < Math.min(count, this.left); number += 1) {
      const victim = this.choose();
      if (victim !== null) victims.push(victim);
    }
    if (victims.length === 0) return;
    this.note('kill', victims);
    this.left -= victims.length;
    await Promise.all(victims.map((victim) => this.process(victim).kill()));
    for (const victim of victims) this.comeBack(victim, () => this.process(victim).restart());
  }

  private pause(): void {
    const victim = this.choose();
    if (victim === null) return;
    this.note('pause', [victim]);
    const forMs = this.pauseMs();
    this.comeBack(victim, () => this.process(victim).pause(forMs));
  }

  /** A service needs its engines to start, so everybody is back before, and nobody dies meanwhile. */
  private async pauseEngine(): Promise<void> {
    await Promise.all(this.returning);
    const victim: EngineName = this.random() < 0.5 ? 'kafka' : 'mongodb';
    this.note('engine-pause', [victim]);
    await this.engines.pause(victim, this.pauseMs());
  }

  /** Whoever has a wrong clock may be killed as well, and starts with it. */
  private async setClock(): Promise<void> {
    const victim = serviceNames[Math.floor(this.random() * serviceNames.length)]!;
    if (this.wrong.has(victim)) return;
    const offsetMs = offsetsMs[Math.floor(this.random() * offsetsMs.length)]!;
    this.note('clock', [victim]);
    this.wrong.add(victim);
    await this.installation.setClock(victim, offsetMs);
    const right = sleep(this.pauseMs()).then(async () => {
      await this.installation.setClock(victim, 0);
      this.wrong.delete(victim);
      this.returning.delete(right);
    });
    right.catch(() => undefined);
    this.returning.add(right);
  }

  private pauseMs(): number {
    return 1_000 + this.random() * (this.tier.longestPauseMs - 1_000);
  }

  /** A service needs its engines to start, so everybody is back before one goes. */
  private async killEngines(): Promise<void> {
    await Promise.all(this.returning);
    const which = this.random();
    const names: EngineName[] = which < 0.4 ? ['kafka'] : which < 0.8 ? ['mongodb'] : ['kafka', 'mongodb'];
    const victims = names.slice(0, this.left);
    this.note('engine-kill', victims);
    this.left -= victims.length;
    const downMs = 500 + this.random() * 4_500;
    // One after the other is back: a start looks for both.
    for (const victim of victims) await this.engines.kill(victim, downMs);
  }

  /** Somebody who runs, or null. */
  private choose(): Victim | null {
    const present = this.victims.filter((name) => !this.away.has(name));
    const victim = present[Math.floor(this.random() * present.length)];
    if (victim === undefined) return null;
    this.away.add(victim);
    return victim;
  }

  private process(victim: Victim): ServiceProcess {
    return this.installation.everyProcess.get(victim)!;
  }

  private comeBack(victim: Victim, how: () => Promise<void>): void {
    const coming = how().then(() => {
      this.away.delete(victim);
      this.returning.delete(coming);
    });
    // Whoever plays awaits it; until then it must not count as unhandled.
    coming.catch(() => undefined);
    this.returning.add(coming);
  }

  private note(kind: Fault['kind'], victims: readonly string[]): void {
    if (this.faults.length % 20 === 0) process.stderr.write(`${this.faults.length} faults, ${this.left} kills left\n`);
    this.faults.push({ at: Math.round(performance.now() - this.started), kind, victims });
  }
}
