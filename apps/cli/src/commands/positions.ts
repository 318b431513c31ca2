import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { askGateway } from '../stack/gateway-request.js';
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
  const answer = await askGateway<{ partitions: number[] }>('/system/positions/reset');
  if (!answer.partitions) {
    throw new CliError(
      `The positions were not reset: ${answer.detail ?? `status ${answer.status}`}.`,
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
