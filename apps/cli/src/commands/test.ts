import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { type Command } from 'commander';

import { setExitCode } from '../run-program.js';
import { stackPaths } from '../stack/stack-paths.js';

export function registerTest(program: Command): void {
  program
    .command('test')
    .description('everything that a change must pass; see test/README.md')
    .argument('[options...]', 'passed on, as in `./rollcall test -- --only unit`')
    .allowUnknownOption()
    .action(async (options: string[], _: object, command: Command) => {
      if ((await runCheck(options)) !== 0) setExitCode(command, 1);
    });
}

/** A signal reaches the whole foreground group, so the check hears it too and ends what it started. */
function runCheck(options: string[]): Promise<number> {
  const { root } = stackPaths();
  const check = spawn(process.execPath, [join(root, 'tools', 'check.mjs'), ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  const ignore = () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, ignore);
  return new Promise((resolve, reject) => {
    check.once('error', reject);
    check.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, ignore);
      resolve(code ?? 1);
    });
  });
}
