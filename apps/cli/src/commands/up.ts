import { relative } from 'node:path';

import { type Command } from 'commander';

import { stackPaths } from '../stack/stack-paths.js';
import { startStack } from '../stack/start-stack.js';
import { bold, columns, green, writeError, writeLine } from '../terminal/output.js';

interface UpOptions {
  docker: boolean;
  fresh: boolean;
}

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start Kafka, MongoDB and the six services, and leave them running')
    .option('--docker', 'run Kafka and MongoDB in Docker', false)
    .option('--fresh', 'delete all data first', false)
    .action(up);
}

async function up({ docker, fresh }: UpOptions): Promise<void> {
  const paths = stackPaths();
  const stack = await startStack({ paths, docker, freshData: fresh, log: writeError });
  const shortPath = (path: string) => relative(process.cwd(), path) || '.';
  writeLine(`${green('✓')} ${bold('Rollcall is running.')}`);
  const rows = [
    ['API', `${stack.gatewayUrl}/api/v1`],
    ['API key', `in ${shortPath(paths.apiKey)}; send it as "Authorization: Bearer <key>"`],
    ['Kafka', stack.engines.kafkaBrokers],
    ['Logs', `./rollcall logs [service], files in ${shortPath(paths.directory)}/logs`],
    ['Stop', './rollcall down'],
  ];
  for (const line of columns(rows)) writeLine(`  ${line}`);
}
