import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Engines, findProcess, startEngines } from '@rollcall/engines';
import { ContainerEngines, type EngineName, wantsContainers } from '@rollcall/testing';

export type { EngineName };

/** A broker and a database of this proof alone, because they are killed. */
export class OwnEngines {
  private constructor(
    private readonly directory: string,
    private readonly engines: Engines,
    /** What the engines' processes are given beside this process's own variables. */
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  /** Where they lie. Whoever runs the proof ends what is left in it, even if this process is killed. */
  static newDirectory(): string {
    return process.env['PROOF_ENGINES'] ?? mkdtempSync(join(tmpdir(), 'rollcall-proof-'));
  }

  /** Sets the variables by which everything else finds them. */
  static async start(
    directory = OwnEngines.newDirectory(),
    variables: Readonly<Record<string, string>> = {},
  ): Promise<OwnEngines> {
    delete process.env['KAFKA_BROKERS'];
    delete process.env['MONGODB_URI'];
    // Away from where other tests look for free ports, and below those that outgoing connections take.
    const first = 15_000 + Math.floor(Math.random() * 10_000);
    const preferredPorts = { kafka: first, mongodb: first + 500 };
    const options = { directory, env: { ...process.env, ...variables }, kafkaHeapMb: 1024, preferredPorts };
    const engines = wantsContainers()
      ? await ContainerEngines.start({ ...options, log: (line) => process.stderr.write(`${line}\n`) })
      : await startEngines(options);
    process.env['KAFKA_BROKERS'] = engines.kafkaBrokers;
    process.env['MONGODB_URI'] = engines.mongodbUri;
    return new OwnEngines(directory, engines, variables);
  }

  get descriptions(): readonly string[] {
    return this.engines.descriptions;
  }

  /** SIGSTOP, and SIGCONT after so long: connections stay and nobody answers. */
  async pause(name: EngineName, forMs: number): Promise<void> {
    if (this.engines instanceof ContainerEngines) return this.engines.pause(name, forMs);
    const pid = this.pidOf(name);
    process.kill(pid, 'SIGSTOP');
    await sleep(forMs);
    process.kill(pid, 'SIGCONT');
  }

  /** SIGKILL, and the same engine on the same data and port after so long. */
  async kill(name: EngineName, downMs: number): Promise<void> {
    if (this.engines instanceof ContainerEngines) return this.engines.kill(name, downMs);
    process.kill(this.pidOf(name), 'SIGKILL');
    await sleep(downMs);
    await this.bringBack();
  }

  /** False once it ended, by whatever. */
  isRunning(name: EngineName): boolean {
    return findProcess(this.directory, name)?.alive === true;
  }

  /** Starts what does not run, on the same data and port. */
  async bringBack(): Promise<void> {
    const env: NodeJS.ProcessEnv = { ...process.env, ...this.variables };
    delete env['KAFKA_BROKERS'];
    delete env['MONGODB_URI'];
    const { kafkaBrokers, mongodbUri } = await startEngines({ directory: this.directory, env, kafkaHeapMb: 1024 });
    if (kafkaBrokers !== this.engines.kafkaBrokers || mongodbUri !== this.engines.mongodbUri) {
      throw new Error('an engine came back under another address');
    }
  }

  private pidOf(name: EngineName): number {
    const found = findProcess(this.directory, name);
    if (found === null) throw new Error(`${name} is not running`);
    return found.pid;
  }

  async stop(): Promise<void> {
    await this.engines.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
