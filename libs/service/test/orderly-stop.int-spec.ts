import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServiceName, serviceNames, topicsOwnedBy } from '@rollcall/contracts';
import { ensureTopics } from '@rollcall/messaging';
import { TestEnvironment, waitFor } from '@rollcall/testing';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** A service as it is built, and what it wrote. */
class Program {
  output = '';
  private readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.ended = new Promise((done) => child.once('exit', (code) => done(code)));
  }

  async says(text: string): Promise<void> {
    await waitFor(`"${text}" in the log`, async () => this.output.includes(text), 60_000);
  }

  async endOn(signal: NodeJS.Signals): Promise<{ code: number | null; lastLine: unknown }> {
    this.child.kill(signal);
    const code = await this.ended;
    return { code, lastLine: JSON.parse(this.output.trim().split('\n').at(-1)!) };
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

describe('a service that is told to stop', () => {
  let environment: TestEnvironment;
  const programs: Program[] = [];

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    // Each service consumes what others own, and is not ready before that is there.
    await ensureTopics(environment.kafka, serviceNames.flatMap(topicsOwnedBy), 1);
  }, 60_000);
  afterAll(async () => {
    for (const program of programs) program.kill();
    await environment?.remove();
  }, 60_000);

  function start(service: ServiceName, extra: Record<string, string> = {}): Program {
    const variables = environment.variables({ LOG_LEVEL: 'info', ...extra });
    const env = { PATH: process.env['PATH'], KAFKAJS_NO_PARTITIONER_WARNING: '1', ...variables };
    const main = join(root, 'apps', service, 'dist', 'main.js');
    const program = new Program(spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] }));
    programs.push(program);
    return program;
  }

  // With HTTP for people, and with processes of its own; all six are stopped by the check of the containers.
  it.each(['gateway', 'mapping'] as const)(
    '%s ends with 0 and says so last, so that nobody takes a stop for a crash',
    async (service) => {
      const program = start(service);
      await program.says(`${service} is ready`);
      const { code, lastLine } = await program.endOn('SIGTERM');
      expect({ code, lastLine }).toMatchObject({ code: 0, lastLine: { service, message: 'stopped', level: 'info' } });
    },
    90_000,
  );

  it('ends in the same way while it still waits for its engines', async () => {
    const program = start('mapping', { MONGODB_URI: 'mongodb://127.0.0.1:1/?replicaSet=none' });
    await program.says('waiting for');
    const { code, lastLine } = await program.endOn('SIGINT');
    expect({ code, lastLine }).toMatchObject({ code: 0, lastLine: { message: 'stopped' } });
  }, 120_000);
});
