import { type Command } from 'commander';

import { stackPaths } from '../stack/stack-paths.js';
import { stopStack } from '../stack/stop-stack.js';
import { green, writeError, writeLine } from '../terminal/output.js';
import { demoPaths } from './demo.js';

export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop everything that runs, a demo too; data and keys stay')
    .action(async () => {
      writeError('Stopping. Services finish what they are at …');
      const directories = [stackPaths().directory, demoPaths().directory];
      const stopped = (await Promise.all(directories.map(stopStack))).flat();
      writeLine(stopped.length === 0 ? 'Nothing was running.' : `${green('✓')} Stopped: ${stopped.join(', ')}.`);
    });
}
