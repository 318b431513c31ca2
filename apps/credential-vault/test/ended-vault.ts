import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface EndedVault {
  readonly exitCode: number | null;
  /** Lines that it wrote, without empty ones. */
  readonly lines: readonly string[];
  readonly lastedMs: number;
}

const limitMs = 120_000;

/** Starts the vault as it is built, and waits until it ends by itself; whoever goes on is killed and has no exit code. */
export async function vaultThatEnds(variables: Readonly<Record<string, string>>): Promise<EndedVault> {
  const beganAt = performance.now();
  const main = join(process.cwd(), 'apps', 'credential-vault', 'dist', 'main.js');
  const env = { PATH: process.env['PATH'], KAFKAJS_NO_PARTITIONER_WARNING: '1', PORT: '0', ...variables };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(late);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return { exitCode, lines, lastedMs: performance.now() - beganAt };
}
