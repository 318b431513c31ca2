import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { cacheDirectory, findFreePort, findOnPath, lastLine, listProcesses, runCommand } from '@rollcall/engines';

import { type CliError } from '../cli-error.js';
import { type Settings } from '../settings/settings.js';
import { lastLogLines, lastWarnings, readableLogLine } from '../stack/log-lines.js';
import { describeProcesses } from '../stack/process-table.js';
import { preferredPorts } from '../stack/stack-environment.js';
import { type StackPaths } from '../stack/stack-paths.js';
import { columns, readableBytes } from '../terminal/output.js';
import { describeDocuments } from './describe-documents.js';
import { describeSettings } from './describe-settings.js';

const WARNINGS = 6;
const LAST_LINES = 2;
const TOOLS: [name: string, ...args: string[]][] = [
  ['java', '-version'],
  ['mvn', '-v'],
  ['mongod', '--version'],
  ['python3', '--version'],
  ['docker', '--version'],
  ['git', 'rev-parse', '--short', 'HEAD'],
];

/**
 * The report as lines, secrets not yet masked. A part that cannot be found out says so and hides nothing else.
 * @param fault why the file of settings could not be read
 */
export async function writeReport(paths: StackPaths, settings: Settings, fault: CliError | null): Promise<string[]> {
  const { env } = settings;
  const sections: [string, () => string[] | Promise<string[]>][] = [
    ['Rollcall', () => describeRollcall(paths)],
    ['Machine', () => describeMachine(paths)],
    ['Tools', () => describeTools(paths, env)],
    ['Settings', () => describeSettings(settings, fault, paths.root)],
    ['Engines', () => describeEngines(paths, env)],
    ['Stored documents', () => describeDocuments(paths, env)],
    ['Processes', async () => (await describeProcesses(paths.directory)).lines],
    ['Ports', describePorts],
    ...listProcesses(paths.directory).map(({ name }): [string, () => string[]] => [
      `Log of ${name}: last warnings, last lines`,
      () => describeLog(paths.directory, name),
    ]),
  ];
  const lines: string[] = [];
  for (const [title, describe] of sections) {
    lines.push(`## ${title}`, ...(await orWhyNot(describe)), '');
  }
  return lines;
}

function describeLog(directory: string, name: string): string[] {
  const lines = new Set([...lastWarnings(directory, name, WARNINGS), ...lastLogLines(directory, name, LAST_LINES)]);
  return [...lines].map((line) => readableLogLine(line).slice(0, 300));
}

async function orWhyNot(describe: () => string[] | Promise<string[]>): Promise<string[]> {
  try {
    return await describe();
  } catch (error) {
    return [`cannot be found out: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function describeRollcall({ root, directory }: StackPaths): string[] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const state = existsSync(directory) ? directory : `${directory} (does not exist yet)`;
  return columns([
    ['version', version],
    ['checkout', root],
    ['data', state],
  ]);
}

function describeMachine({ root }: StackPaths): string[] {
  const disk = statfsSync(root);
  return columns([
    ['system', `${platform()} ${release()} ${arch()}`],
    ['processors', String(cpus().length)],
    ['memory', `${readableBytes(freemem())} free of ${readableBytes(totalmem())}`],
    ['disk', `${readableBytes(disk.bavail * disk.bsize)} free`],
  ]);
}

async function describeTools({ root }: StackPaths, env: NodeJS.ProcessEnv): Promise<string[]> {
  const rows = await Promise.all(
    TOOLS.map(async ([name, ...args]) => {
      const command = findOnPath(name, env);
      if (!command) return [name, 'not on the path'];
      const inCheckout = name === 'git' ? ['-C', root, ...args] : args;
      const { output } = await runCommand(command, inCheckout, env);
      return [name, stripVTControlCharacters(output.split('\n')[0] || lastLine(output))];
    }),
  );
  return columns([['node', process.version], ...rows]);
}

function describeEngines({ directory }: StackPaths, env: NodeJS.ProcessEnv): string[] {
  const choice = (name: 'kafka' | 'mongodb', variable: string) => {
    if (env[variable]) return `given by ${variable}`;
    const local = listProcesses(directory).find((process) => process.name === name);
    if (local) return `local process, ${local.command}`;
    return existsSync(join(directory, 'containers')) ? 'Docker' : 'not started yet';
  };
  const cache = cacheDirectory(env);
  return columns([
    ['Kafka', choice('kafka', 'KAFKA_BROKERS')],
    ['MongoDB', choice('mongodb', 'MONGODB_URI')],
    ['downloads', existsSync(cache) ? cache : `${cache} (empty)`],
  ]);
}

/** Which ports a start now would take: a shifted one shows that something else listens on the usual one. */
async function describePorts(): Promise<string[]> {
  const wishes = Object.entries({ ...preferredPorts, kafka: 29_092, mongodb: 27_027 });
  const rows = await Promise.all(
    wishes.map(async ([name, port]) => {
      const free = (await findFreePort(port)) === port;
      return [name, String(port), free ? 'free' : 'in use'];
    }),
  );
  return columns(rows);
}
