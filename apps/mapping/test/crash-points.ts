import { AsyncLocalStorage } from 'node:async_hooks';

import { type CommandStartedEvent, type MongoClient, MongoServerError } from 'mongodb';

/** How a call ends badly: not made at all, made and its reply lost, or refused with an error that may be tried again. */
export const crashModes = ['before', 'after', 'error'] as const;
export type CrashMode = (typeof crashModes)[number];

const writeCommands: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']);

/** The process is gone. Nothing that it had under way goes on. */
export class Crash extends Error {}

/** A call of a slice, by the collections that it reads and those that it writes. */
export interface Step {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** A call that no slice makes: it belongs to another part of the service. */
export interface Elsewhere {
  readonly elsewhere: string;
}

type AsyncMethods<Class> = {
  [Method in keyof Class]: Class[Method] extends (...args: never[]) => Promise<unknown> ? Method : never;
}[keyof Class];

/**
 * The steps of a class, in the file `*.crash-points.ts` beside it: every method that returns a promise. A method that
 * is missing does not compile, and what is declared is compared with the commands that the database receives.
 */
export type StepsOf<Class> = Readonly<Record<AsyncMethods<Class>, Step | Elsewhere>>;

/** The calls by which a slice reaches database and broker, each a place where the process may die. */
export class CrashPoints {
  /** How often each point was passed. */
  readonly passed = new Map<string, number>();
  /** What the database was asked for at each point. */
  readonly touched = new Map<string, { readonly reads: Set<string>; readonly writes: Set<string> }>();
  private readonly under = new AsyncLocalStorage<string>();
  private planned: { point: string; call: number; mode: CrashMode } | null = null;
  private isDead = false;
  private hasFired = false;

  /** @param call which call of the point, from 1 */
  plan(point: string, call: number, mode: CrashMode): void {
    this.planned = { point, call, mode };
  }

  get fired(): boolean {
    return this.hasFired;
  }

  /** Notes which collections the commands of a client read and write, and at which point. */
  observe(client: MongoClient): void {
    client.on('commandStarted', (event) => this.note(event));
  }

  private note({ commandName, command }: CommandStartedEvent): void {
    const point = this.under.getStore();
    const collection: unknown = command[commandName];
    if (point === undefined || typeof collection !== 'string') return;
    const touched = this.touched.get(point) ?? { reads: new Set(), writes: new Set() };
    this.touched.set(point, touched);
    touched[writeCommands.has(commandName) ? 'writes' : 'reads'].add(collection);
  }

  /** Another process takes over. */
  revive(): void {
    this.isDead = false;
  }

  /** Every method of `target` that returns a promise becomes a point named `<name>.<method>`. */
  watch<Target extends object>(name: string, target: Target): Target {
    return new Proxy(target, {
      get: (object, property) => {
        const value: unknown = Reflect.get(object, property, object);
        if (typeof value !== 'function' || typeof property !== 'string') return value;
        return (...args: unknown[]) => this.pass(`${name}.${property}`, () => value.apply(object, args) as unknown);
      },
    });
  }

  pass<Result>(point: string, call: () => Result): Result {
    if (this.isDead) throw new Crash(point);
    const number = (this.passed.get(point) ?? 0) + 1;
    const mode = this.planned?.point === point && this.planned.call === number ? this.planned.mode : null;
    if (mode === null) {
      const result = this.under.run(point, call);
      if (result instanceof Promise) this.passed.set(point, number);
      return this.unlessDead(point, result);
    }
    this.passed.set(point, number);
    this.hasFired = true;
    if (mode === 'error') return Promise.reject(retriable()) as Result;
    if (mode === 'before') return this.die(point);
    return (call() as Promise<unknown>).then(() => this.die(point)) as Result;
  }

  private die(point: string): never {
    this.isDead = true;
    throw new Crash(point);
  }

  /** A reply that arrives after the crash reaches nobody. */
  private unlessDead<Result>(point: string, result: Result): Result {
    if (!(result instanceof Promise)) return result;
    return result.then((value: unknown) => {
      if (this.isDead) throw new Crash(point);
      return value;
    }) as Result;
  }
}

function retriable(): MongoServerError {
  const error = new MongoServerError({ message: 'the primary stepped down', code: 189 });
  error.addErrorLabel('TransientTransactionError');
  return error;
}
