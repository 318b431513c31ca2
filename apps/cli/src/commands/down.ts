import { type Command } from 'commander';

import { stackPaths } from '../stack/stack-paths.js';
import { stopStack } from '../stack/stop-stack.js';
import { green, writeError, writeLine } from '../terminal/output.js';

export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop everything that runs; data and keys stay')
    .action(async () => {
      writeError('Stopping. Services finish what they are at …');
      const stopped = await stopStack(stackPaths().directory);
      writeLine(stopped.length === 0 ? 'Nothing was running.' : `${green('✓')} Stopped: ${stopped.join(', ')}.`);
    });
}
