import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { errorText } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';

import { type BatchProgress, type BatchRequest, batchTooLong, type Failure, isFailure, type Outcome } from './batch.js';
import { type ExpressionLimits, mostResultCharacters } from './limits.js';

/** A process can load what was built, and only that: tests, which run from sources, start it too. */
const mainFile = fileURLToPath(new URL('../../dist/expressions/expression-process.js', import.meta.url));
const startsAtMost = 3;
const startWithinMs = 20_000;

/** Evaluates expressions over records, and always answers: whatever goes wrong is an outcome. */
export interface ExpressionEvaluator {
  /**
   * @param records each as JSON
   * @param suspects places of expressions that were given up before: they get one try
   * @returns outcomes by record, then by expression, and the places of those that were given up
   */
  evaluate(
    expressions: readonly string[],
    records: readonly string[],
    suspects?: ReadonlySet<number>,
  ): Promise<{ outcomes: readonly (readonly Outcome[])[]; givenUp: ReadonlySet<number> }>;
}

/**
 * A process for expressions, started when it is needed. A thread would not do: when memory runs out inside one operation
 * of the engine, V8 ends the whole process of the thread. One batch after the other; a batch that hits a limit ends the
 * process at worst, which is replaced.
 */
export class ProcessOfExpressions implements ExpressionEvaluator {
  private child: ChildProcess | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private batches = 0;
  private isEnding = false;

  constructor(
    private readonly limits: ExpressionLimits,
    private readonly logger: Logger,
  ) {}

  evaluate(
    expressions: readonly string[],
    records: readonly string[],
    suspects: ReadonlySet<number> = new Set(),
  ): ReturnType<ExpressionEvaluator['evaluate']> {
    const mine = this.turn.then(() => this.run(new BatchInWork(expressions, records, suspects, this.limits)));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Ends the process; a batch under way fails. */
  async end(): Promise<void> {
    this.isEnding = true;
    const { child } = this;
    const exit = child === null || child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit');
    this.stopChild();
    await Promise.all([this.turn, exit]);
  }

  private async run(batch: BatchInWork): ReturnType<ExpressionEvaluator['evaluate']> {
    clearTimeout(this.idle);
    while (!batch.isDone()) {
      const child = await this.started();
      if (this.isEnding) throw new Error('the service is stopping, and its expressions with it');
      if (typeof child === 'string') {
        batch.fillUp({ failure: `Expressions cannot be evaluated at present: ${child}.` });
        break;
      }
      const started = performance.now();
      const end = await this.ask(child, batch);
      batch.spentMs += performance.now() - started;
      if (end !== 'done') this.lose(batch, end);
    }
    this.idle = setTimeout(() => this.stopChild(), this.limits.idleMs).unref();
    return batch.result();
  }

  private lose(batch: BatchInWork, end: 'killed' | 'died'): void {
    const memory = `needed more memory than ${this.limits.heapMb} MB`;
    const why = end === 'killed' ? `took longer than ${this.limits.evaluationMs} ms` : memory;
    const expression = batch.lose(`The expression ${why}.`);
    if (expression !== null)
      this.logger.warn(`a mapping's expression ${why}, and its process was replaced`, { expression });
  }

  /** Sends what is left of the batch and collects outcomes until it is done or the process is gone. */
  private ask(child: ChildProcess, batch: BatchInWork): Promise<'done' | 'killed' | 'died'> {
    const request = batch.request((this.batches += 1));
    return new Promise((resolve) => {
      let isKilled = false;
      let silence: NodeJS.Timeout;
      const kill = () => {
        isKilled = true;
        child.kill('SIGKILL');
      };
      const listen = () => {
        clearTimeout(silence);
        silence = setTimeout(kill, this.limits.evaluationMs + this.limits.graceMs);
      };
      const all = setTimeout(kill, request.batchMs + this.limits.graceMs);
      const finish = (end: 'done' | 'killed' | 'died') => {
        clearTimeout(silence);
        clearTimeout(all);
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(end);
      };
      const onMessage = (progress: BatchProgress) => {
        if (progress.id !== request.id) return;
        batch.take(progress);
        if (batch.isDone()) finish('done');
        else listen();
      };
      const onExit = () => {
        if (this.child === child) this.child = null;
        finish(isKilled ? 'killed' : 'died');
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      listen();
      // A process that is gone is noticed by its exit.
      child.send(request, () => undefined);
    });
  }

  /** The running process, or why there is none. */
  private async started(): Promise<ChildProcess | string> {
    let why = '';
    for (let attempt = 1; attempt <= startsAtMost && !this.isEnding; attempt += 1) {
      if (this.child?.connected && this.child.exitCode === null) return this.child;
      const outcome = await this.start();
      if (typeof outcome !== 'string') {
        this.child = outcome;
        if (this.isEnding) this.stopChild();
        return outcome;
      }
      why = outcome;
    }
    if (!this.isEnding) this.logger.error(`the process for expressions does not start: ${why}`);
    return why;
  }

  private start(): Promise<ChildProcess | string> {
    return new Promise((resolve) => {
      let child: ChildProcess;
      try {
        child = fork(mainFile, [], {
          // Flags of this process are not those of a small one, and its environment holds secrets.
          execArgv: [`--max-old-space-size=${this.limits.heapMb}`, '--max-semi-space-size=4'],
          env: { TZ: 'UTC' },
          serialization: 'advanced',
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        });
      } catch (error) {
        resolve(`its process cannot be started (${errorText(error)})`);
        return;
      }
      const late = setTimeout(() => child.kill('SIGKILL'), startWithinMs);
      child.once('message', () => {
        clearTimeout(late);
        resolve(child);
      });
      // Without a listener an error of the channel would end this process.
      child.on('error', (error) => resolve(`its process cannot be started (${errorText(error)})`));
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        resolve(`its process ended with ${signal ?? code} at once`);
      });
    });
  }

  private stopChild(): void {
    clearTimeout(this.idle);
    const { child } = this;
    this.child = null;
    child?.kill('SIGKILL');
  }
}

/** A batch on its way, through as many processes as it takes. */
class BatchInWork {
  spentMs = 0;
  private readonly outcomes: Outcome[] = [];
  private readonly strikes: number[];
  private characters = 0;
  private isCareful = false;

  constructor(
    private readonly expressions: readonly string[],
    private readonly records: readonly string[],
    suspects: ReadonlySet<number>,
    private readonly limits: ExpressionLimits,
  ) {
    this.strikes = expressions.map((_, place) => (suspects.has(place) ? limits.strikes - 1 : 0));
  }

  isDone(): boolean {
    return this.outcomes.length === this.expressions.length * this.records.length;
  }

  request(id: number): BatchRequest {
    const { evaluationMs, batchMs, strikes } = this.limits;
    const width = this.expressions.length;
    return {
      id,
      expressions: this.expressions,
      records: this.records.slice(Math.floor(this.outcomes.length / width)),
      skip: this.outcomes.length % width,
      strikes: this.strikes,
      mostStrikes: strikes,
      evaluationMs,
      batchMs: Math.max(batchMs - this.spentMs, 0),
      mostResultCharacters: mostResultCharacters - this.characters,
      isCareful: this.isCareful,
    };
  }

  take({ outcomes, characters }: BatchProgress): void {
    for (const outcome of outcomes) this.push(outcome);
    this.characters += characters;
  }

  /**
   * The process is gone. Which expression did it is known only when each outcome was told at once, so it is tried again in
   * that way first.
   * @returns the expression, once it is known
   */
  lose(failure: string): string | null {
    if (this.spentMs >= this.limits.batchMs) this.fillUp(batchTooLong(this.limits.batchMs));
    if (!this.isCareful || this.isDone()) {
      this.isCareful = true;
      return null;
    }
    const place = this.outcomes.length % this.expressions.length;
    this.push({ failure, by: 'limit' });
    return this.expressions[place]!;
  }

  fillUp(outcome: Failure): void {
    while (!this.isDone()) this.push(outcome);
  }

  result(): Awaited<ReturnType<ExpressionEvaluator['evaluate']>> {
    const width = this.expressions.length;
    const outcomes = this.records.map((_, index) => this.outcomes.slice(index * width, (index + 1) * width));
    const places = this.strikes.flatMap((count, place) => (count >= this.limits.strikes ? [place] : []));
    return { outcomes, givenUp: new Set(places) };
  }

  private push(outcome: Outcome): void {
    const place = this.outcomes.length % this.expressions.length;
    this.outcomes.push(outcome);
    if (isFailure(outcome) && outcome.by === 'limit') this.strikes[place]! += 1;
  }
}
