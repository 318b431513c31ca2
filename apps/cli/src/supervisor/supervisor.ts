import type { Restarts, RestartsByName } from '../stack/restarts.js';
import { BackOff } from './back-off.js';

/** A process that has to run. */
export interface Watched {
  readonly name: string;
  /** How it is now. `stopped` = somebody ended it on purpose: it has no pid file any more. */
  state(): 'running' | 'ended' | 'stopped';
  lastLine(): string;
  /** Starts it again; resolves when it runs. */
  start(): Promise<void>;
}

export interface SupervisorOptions {
  readonly watched: readonly Watched[];
  readonly tell: (line: string) => void;
  readonly write: (restarts: RestartsByName) => void;
  /** Milliseconds that never step back. */
  readonly stopwatch: () => number;
  readonly wallClock: () => number;
}

interface Life {
  readonly pauses: BackOff;
  startedAt: number;
  /** When it is to be started again, by the stopwatch; null while it runs. */
  dueAt: number | null;
  starting: Promise<void> | null;
}

/** Starts again what ended by itself, each after a pause of its own. Whoever calls `look` decides how often. */
export class Supervisor {
  private readonly lives = new Map<string, Life>();
  private readonly restarts = new Map<string, Restarts>();

  constructor(private readonly options: SupervisorOptions) {
    const startedAt = options.stopwatch();
    for (const { name } of options.watched) {
      this.lives.set(name, { pauses: new BackOff(), startedAt, dueAt: null, starting: null });
    }
    this.write();
  }

  look(): void {
    for (const one of this.options.watched) this.lookAt(one, this.lives.get(one.name)!);
  }

  /** Resolves when nothing is being started any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.lives.values()].flatMap(({ starting }) => starting ?? []));
  }

  private lookAt(one: Watched, life: Life): void {
    if (life.starting) return;
    const state = one.state();
    if (state === 'stopped') life.dueAt = null;
    if (state !== 'ended') return;
    const now = this.options.stopwatch();
    if (life.dueAt === null) this.noteEnd(one, life, now);
    else if (now >= life.dueAt) life.starting = this.start(one, life);
  }

  private noteEnd(one: Watched, life: Life, now: number): void {
    const pauseMs = life.pauses.afterEnd(now - life.startedAt);
    life.dueAt = now + pauseMs;
    const wallClock = this.options.wallClock();
    this.note(one.name, {
      times: this.restarts.get(one.name)?.times ?? 0,
      endedAt: new Date(wallClock).toISOString(),
      lastLine: one.lastLine(),
      nextAt: new Date(wallClock + pauseMs).toISOString(),
    });
    this.options.tell(
      `${one.name} ended and is started again in ${pauseMs / 1_000} s. Its last line: ${one.lastLine()}`,
    );
  }

  private async start(one: Watched, life: Life): Promise<void> {
    const before = this.restarts.get(one.name)!;
    this.note(one.name, { ...before, times: before.times + 1, nextAt: null });
    try {
      await one.start();
      this.options.tell(`${one.name} was started again`);
    } catch (error) {
      this.options.tell(`${one.name} could not be started: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      life.startedAt = this.options.stopwatch();
      life.dueAt = null;
      life.starting = null;
    }
  }

  private note(name: string, restarts: Restarts): void {
    this.restarts.set(name, restarts);
    this.write();
  }

  private write(): void {
    this.options.write(Object.fromEntries(this.restarts));
  }
}
