import { readFileSync } from 'node:fs';

import { findProcess, isSameProcess } from '@rollcall/engines';
import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { portOf } from '../stack/service-process.js';
import { stackPaths } from '../stack/stack-paths.js';
import { green, writeLine } from '../terminal/output.js';

export function registerPositions(program: Command): void {
  program
    .command('positions')
    .description('how far mapping read the topic of raw records')
    .command('reset')
    .description('accept a recreated topic: refused partitions begin anew, open runs start over')
    .action(reset);
}

async function reset(): Promise<void> {
  const { directory, apiKey } = stackPaths();
  const gateway = findProcess(directory, 'gateway');
  if (!gateway || !isSameProcess(gateway)) {
    throw new CliError('The gateway is not running.', 'Start it with `./rollcall up`, then repeat this command.');
  }
  const response = await fetch(`http://127.0.0.1:${portOf(gateway)}/api/v1/system/positions/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(apiKey, 'utf8').trim()}` },
  });
  const answer = (await response.json()) as { partitions?: number[]; detail?: string };
  if (response.status !== 200 || !answer.partitions) {
    throw new CliError(
      `The positions were not reset: ${answer.detail ?? `status ${response.status}`}.`,
      'See `./rollcall logs mapping`; mapping must run to accept the topic.',
    );
  }
  const { partitions } = answer;
  writeLine(
    partitions.length === 0
      ? 'No partition was refused; nothing had to be reset.'
      : `${green('✓')} Reset partitions ${partitions.join(', ')}. Start the runs again that failed.`,
  );
}
