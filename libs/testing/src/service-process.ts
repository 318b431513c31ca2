import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ServiceName } from '@rollcall/contracts';

import { waitFor } from './wait-for.js';

export interface ServiceProcessOptions {
  readonly service: ServiceName;
  /** Root of the repository; services run as they are built, from `apps/<service>/dist`. */
  readonly root: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  readonly logFile?: string;
  /** How long it may take to be ready; 30 s unless told. */
  readonly readyWithinMs?: number;
}

const endsWithinMs = 45_000;

/** A service as a process of its own, to be killed and started again. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private readonly log: WriteStream | null;

  private constructor(
    private readonly options: ServiceProcessOptions,
    readonly port: number,
  ) {
    this.log = options.logFile ? createWriteStream(options.logFile, { flags: 'a' }) : null;
  }

  /** Starts the process and waits until it is ready. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const process = new ServiceProcess(options, await freePort());
    try {
      await process.restart();
      return process;
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.options.service} is not running`);
    return this.child.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it (again) on the same port. */
  async restart(): Promise<void> {
    const main = join(this.options.root, 'apps', this.options.service, 'dist', 'main.js');
    const child = spawn(process.execPath, [...(this.options.nodeFlags ?? []), main], {
      env: {
        PATH: process.env['PATH'],
        KAFKAJS_NO_PARTITIONER_WARNING: '1',
        ...this.options.variables,
        PORT: String(this.port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.log?.write(chunk);
        output = (output + chunk.toString('utf8')).slice(-4000);
      });
    }
    await waitFor(
      `${this.options.service} to be ready`,
      async () => {
        if (child.exitCode !== null)
          throw new Error(`${this.options.service} ended with ${child.exitCode}:\n${output}`);
        const response = await fetch(`${this.url}/readyz`).catch(() => null);
        return response?.ok === true;
      },
      this.options.readyWithinMs,
    );
  }

  /** SIGSTOP, and SIGCONT after so long: it goes on as if nothing had happened, while everybody else went on. */
  async pause(forMs: number): Promise<void> {
    const child = this.child;
    child?.kill('SIGSTOP');
    await sleep(forMs);
    child?.kill('SIGCONT');
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM, and SIGKILL for whoever is not gone in time: nothing outlives its test. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    this.log?.end();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    // Whoever was paused hears of no other signal.
    child.kill('SIGCONT');
    const late = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    await ended;
    clearTimeout(late);
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
