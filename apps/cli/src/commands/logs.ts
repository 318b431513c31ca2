import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { serviceNames } from '@rollcall/contracts';
import { listProcesses, logFileOf } from '@rollcall/engines';
import { type Command, InvalidArgumentError } from 'commander';

import { CliError } from '../cli-error.js';
import { lastLogLines, readableLogLine } from '../stack/log-lines.js';
import { stackPaths } from '../stack/stack-paths.js';
import { writeLine } from '../terminal/output.js';

interface LogsOptions {
  lines: number;
  follow: boolean;
  json: boolean;
}

const POLL_MS = 300;

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('the last log lines of one process, or of all services')
    .argument('[service]', 'gateway, mapping, …, kafka or mongodb')
    .option('-n, --lines <count>', 'how many lines', parseCount, 40)
    .option('-f, --follow', 'go on until Ctrl-C', false)
    .option('--json', 'lines as they were written', false)
    .action(logs);
}

async function logs(service: string | undefined, options: LogsOptions): Promise<void> {
  const { directory } = stackPaths();
  const names = service === undefined ? [...serviceNames] : [service];
  const known = names.filter((name) => existsSync(logFileOf(directory, name)));
  if (known.length === 0) throw noLog(directory, service);
  const print = (name: string, line: string) => {
    const text = options.json ? line : readableLogLine(line);
    writeLine(known.length > 1 ? `${name.padEnd(16)}  ${text}` : text);
  };
  const per = Math.max(1, Math.floor(options.lines / known.length));
  for (const name of known) for (const line of lastLogLines(directory, name, per)) print(name, line);
  if (options.follow)
    await Promise.all(known.map((name) => follow(logFileOf(directory, name), (line) => print(name, line))));
}

/** Never returns: a person ends it. */
async function follow(path: string, print: (line: string) => void): Promise<void> {
  const file = await open(path, 'r');
  let position = (await file.stat()).size;
  let rest = '';
  for (;;) {
    const { size } = await file.stat();
    if (size > position) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), 0, size - position, position);
      position += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) print(line);
    }
    await sleep(POLL_MS);
  }
}

function noLog(directory: string, service: string | undefined): CliError {
  if (service === undefined) return new CliError('There are no logs yet.', 'Start everything with `./rollcall up`.');
  const names = listProcesses(directory).map(({ name }) => name);
  const cure = names.length > 0 ? `There are logs of: ${names.join(', ')}.` : 'Start everything with `./rollcall up`.';
  return new CliError(`There is no log of "${service}".`, cure);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It must be a number above 0.');
  return count;
}
