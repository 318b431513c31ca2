import { type Command } from 'commander';

import { setExitCode } from '../run-program.js';
import { describeProcesses } from '../stack/process-table.js';
import { stackPaths } from '../stack/stack-paths.js';
import { writeLine } from '../terminal/output.js';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('what runs, on which port, and whether it is ready (exit code 1 if a service is not)')
    .action(async (_options: object, command: Command) => {
      const { lines, healthy } = await describeProcesses(stackPaths().directory);
      for (const line of lines) writeLine(line);
      if (!healthy) setExitCode(command, 1);
    });
}
