import { readFileSync } from 'node:fs';

import { Command } from 'commander';

import { registerDemo } from './commands/demo.js';
import { registerDoctor } from './commands/doctor.js';
import { registerDown } from './commands/down.js';
import { registerLogs } from './commands/logs.js';
import { registerMail } from './commands/mail.js';
import { registerPositions } from './commands/positions.js';
import { registerProvision } from './commands/provision.js';
import { registerRecords } from './commands/records.js';
import { registerSimulators } from './commands/simulators.js';
import { registerStatus } from './commands/status.js';
import { registerTest } from './commands/test.js';
import { registerUp } from './commands/up.js';
import { registerKeys } from './keys/keys-command.js';

const packageFile = new URL('../../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

/** The commands in the order in which a newcomer needs them. */
export function createProgram(): Command {
  const program = new Command('rollcall');
  program
    .description('Who has an account where, and should they still?')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this text')
    .helpCommand(false)
    .showHelpAfterError('(`./rollcall --help` lists all commands)');
  for (const register of [
    registerDemo,
    registerUp,
    registerDown,
    registerStatus,
    registerLogs,
    registerDoctor,
    registerSimulators,
    registerTest,
    registerMail,
    registerPositions,
    registerRecords,
    registerKeys,
    registerProvision,
  ]) {
    register(program);
  }
  return program;
}
