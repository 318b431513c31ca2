import { EngineError } from '@rollcall/engines';
import { type Command, CommanderError } from 'commander';

import { CliError } from './cli-error.js';
import { fileFault } from './file-fault.js';
import { red, writeError } from './terminal/output.js';

/** 0 done, 1 failed, 2 asked wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command line. Whatever goes wrong becomes one line and its cure, never a stack. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<ExitCode> {
  for (const command of [program, ...commandsBelow(program)]) command.exitOverride();
  const state: { code: ExitCode } = { code: 0 };
  for (const command of program.commands)
    command.hook('postAction', (_, acted) => void (state.code = exitCodeOf(acted)));
  try {
    await program.parseAsync([...argv]);
    return state.code;
  } catch (error) {
    return report(error);
  }
}

const commandsBelow = ({ commands }: Command): Command[] =>
  commands.flatMap((command) => [command, ...commandsBelow(command)]);

const exitCodes = new WeakMap<Command, ExitCode>();

/** For a command that did its work and found something wrong, which is no error to explain. */
export function setExitCode(command: Command, code: ExitCode): void {
  exitCodes.set(command, code);
}

const exitCodeOf = (command: Command): ExitCode => exitCodes.get(command) ?? 0;

function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliError || error instanceof EngineError) {
    writeError(`${red('✗')} ${error.message}`);
    writeError(`  ${error.cure}`);
    return 1;
  }
  const fault = fileFault(error);
  if (fault !== null) return report(fault);
  const message = error instanceof Error ? error.message : String(error);
  writeError(`${red('✗')} ${message}`);
  writeError('  This was not foreseen. `./rollcall doctor` prints a report that helps whoever looks into it.');
  return 1;
}
