import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';

import { CliError } from './cli-error.js';
import { runProgram, setExitCode } from './run-program.js';

let shown = '';

beforeEach(() => {
  shown = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

function run(action: (options: object, command: Command) => void | Promise<void>, ...args: string[]) {
  const program = new Command('rollcall').configureOutput({ writeErr: (text) => void process.stderr.write(text) });
  program.command('act').action(action);
  return runProgram(program, ['node', 'rollcall', ...args]);
}

describe('exit codes', () => {
  it('0 when the command did its work', async () => {
    await expect(run(() => undefined, 'act')).resolves.toBe(0);
  });

  it('1 when the command found something wrong, without an explanation of its own', async () => {
    await expect(run((_options, command) => setExitCode(command, 1), 'act')).resolves.toBe(1);
    expect(shown).toBe('');
  });

  it('1 with one line and its cure when the command failed', async () => {
    const failing = () => Promise.reject<void>(new CliError('It is broken.', 'Mend it.'));
    await expect(run(failing, 'act')).resolves.toBe(1);
    expect(shown).toMatch(/It is broken\.\n {2}Mend it\.\n$/);
  });

  it('2 when it was asked for something that does not exist', async () => {
    await expect(run(() => undefined, 'nonsense')).resolves.toBe(2);
    await expect(run(() => undefined, 'act', '--nonsense')).resolves.toBe(2);
  });
});
