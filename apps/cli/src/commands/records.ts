import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { askGateway } from '../stack/gateway-request.js';
import { green, writeLine } from '../terminal/output.js';

export function registerRecords(program: Command): void {
  program
    .command('records')
    .description('the records of people and SaaS users as consumers of events hold them')
    .command('resync')
    .description('say every record again, after a restore that mapping did not notice by itself')
    .action(resync);
}

async function resync(): Promise<void> {
  const answer = await askGateway<{ epoch: string }>('/system/records/resync');
  if (!answer.epoch) {
    throw new CliError(
      `The records are not said again: ${answer.detail ?? `status ${answer.status}`}.`,
      'See `./rollcall logs mapping`; mapping must run to say them.',
    );
  }
  writeLine(
    `${green('✓')} Epoch ${answer.epoch} begins. mapping says every record again; \`./rollcall logs mapping\` shows when it is done.`,
  );
}
