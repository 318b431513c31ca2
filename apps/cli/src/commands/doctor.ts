import { type Command } from 'commander';

import { maskSecrets } from '../doctor/mask-secrets.js';
import { writeReport } from '../doctor/report.js';
import { stackPaths } from '../stack/stack-paths.js';
import { writeLine } from '../terminal/output.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('a report for whoever helps you; secrets are masked')
    .action(async () => {
      const paths = stackPaths();
      const mask = maskSecrets(paths, process.env);
      for (const line of await writeReport(paths, process.env)) writeLine(mask(line));
    });
}
