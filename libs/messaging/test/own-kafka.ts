import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Engines, findProcess, startEngines, stopProcess } from '@rollcall/engines';
import { KafkaConnection } from '@rollcall/messaging';
import { createLogger } from '@rollcall/observability';

/** A broker of one test alone, because it is killed. MongoDB is the one of all tests. */
export class OwnKafka {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private engines: Engines,
  ) {}

  static async start(): Promise<OwnKafka> {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-kafka-'));
    // Away from where other tests look for free ports.
    const port = 15_000 + Math.floor(Math.random() * 10_000);
    return new OwnKafka(directory, port, await launch(directory, port));
  }

  connect(clientId: string): KafkaConnection {
    const logger = createLogger({ service: 'test', level: 'error' });
    return new KafkaConnection({ brokers: this.engines.kafkaBrokers, clientId, namespace: 'rollcall', logger });
  }

  kill(): void {
    process.kill(findProcess(this.directory, 'kafka')!.pid, 'SIGKILL');
  }

  /** Ends it in good order: after a kill it would check what it had written, and cut off what is damaged. */
  async stop(): Promise<void> {
    await stopProcess('kafka', this.directory, { graceMs: 60_000 });
  }

  /** The same broker on the same data and port. */
  async comeBack(): Promise<void> {
    const before = this.engines.kafkaBrokers;
    this.engines = await launch(this.directory, this.port);
    if (this.engines.kafkaBrokers !== before) throw new Error('Kafka came back under another address');
  }

  /** Changes what the broker has stored of partition 0, from its first to its last byte. */
  damage(topic: string, change: (bytes: Buffer) => void): void {
    const folder = join(this.directory, 'kafka', 'data', `${topic}-0`);
    const file = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.log'))!,
    );
    const bytes = readFileSync(file);
    change(bytes);
    writeFileSync(file, bytes);
  }

  async remove(): Promise<void> {
    await this.engines.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function launch(directory: string, port: number): Promise<Engines> {
  const env = { ...process.env };
  delete env['KAFKA_BROKERS'];
  return startEngines({ directory, env, preferredPorts: { kafka: port, mongodb: port } });
}
