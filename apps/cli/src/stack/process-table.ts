import { join, relative } from 'node:path';

import { serviceNames } from '@rollcall/contracts';
import { listProcesses, type ManagedProcess } from '@rollcall/engines';

import { quoted } from '../terminal/curl-line.js';
import { columns, readableDuration, shortened, wrapped } from '../terminal/output.js';
import { lastLogLine } from './log-lines.js';
import { askReadiness } from './readiness.js';
import { readRestarts, type Restarts } from './restarts.js';
import { supervisorName } from './supervision.js';

/** Lines of MongoDB are long; `logs` shows them whole. */
const mostOfALine = 150;

interface Row {
  readonly name: string;
  readonly ready: boolean;
  readonly cells: string[];
  /** What is wrong with it, in its own words. */
  readonly detail: string;
}

/** A table of all processes and what is to be said of them, and whether every service is ready. */
export async function describeProcesses(directory: string): Promise<{ lines: string[]; healthy: boolean }> {
  const processes = listProcesses(directory);
  const rows = await Promise.all(processes.map(describe));
  const running = new Set(rows.filter(({ ready }) => ready).map(({ name }) => name));
  const missing = serviceNames.filter((name) => !processes.some((process) => process.name === name));
  const healthy = serviceNames.every((name) => running.has(name));
  if (rows.length === 0) return { lines: [nothingRuns(directory)], healthy };
  const table = columns([['NAME', 'STATE', 'PORT', 'PID', 'SINCE'], ...rows.map(({ cells }) => cells)]);
  const details = rows.filter(({ detail }) => detail !== '').map(({ name, detail }) => `${name}: ${detail}`);
  const remarks = [
    ...details,
    ...demoBeside(directory),
    ...describeRestarts(readRestarts(directory)),
    ...describeSupervisor(directory, processes),
    ...(missing.length > 0 ? [`Not started: ${missing.join(', ')}.`] : []),
    ...(healthy ? [] : ['`./rollcall up` starts what is missing and replaces what is not ready.']),
  ];
  return { lines: [...table, ...remarks.flatMap((remark) => wrapped(remark))], healthy };
}

function nothingRuns(directory: string): string {
  const [demo] = demoBeside(directory);
  return demo === undefined
    ? 'Nothing runs. Start it with `./rollcall up`.'
    : `Of \`./rollcall up\` nothing runs. ${demo}`;
}

/** A demo has a folder of its own; whoever started one looks here. */
function demoBeside(directory: string): string[] {
  const demo = join(directory, 'demo');
  if (!listProcesses(demo).some(({ alive }) => alive)) return [];
  const setting = `ROLLCALL_DIR=${quoted(relative(process.cwd(), demo))}`;
  return [`A demo runs: \`${setting} ./rollcall status\` shows it.`];
}

async function describe(process: ManagedProcess): Promise<Row> {
  const { name, pid, startedAt, details } = process;
  const { ready, state, detail } = await stateOf(process);
  const since = readableDuration(Date.now() - Date.parse(startedAt));
  return { name, ready, detail, cells: [name, state, String(details.port ?? '-'), String(pid), since] };
}

async function stateOf(process: ManagedProcess): Promise<{ ready: boolean; state: string; detail: string }> {
  if (!process.alive) return { ready: false, state: 'ended', detail: '' };
  const isService = (serviceNames as readonly string[]).includes(process.name);
  if (!isService) return { ready: true, state: 'running', detail: '' };
  const { ready, detail } = await askReadiness(Number(process.details.port));
  return { ready, state: ready ? 'ready' : 'not ready', detail };
}

/** What the supervisor did since it was started. */
export function describeRestarts(restarts: Readonly<Record<string, Restarts>>, now = Date.now()): string[] {
  return Object.entries(restarts).map(([name, { times, endedAt, lastLine, nextAt }]) => {
    const often = times === 1 ? 'once' : `${times} times`;
    const done = times === 0 ? '' : ` and was started again ${often} since the supervisor watches`;
    const next = nextAt === null ? '' : `, next start in ${readableDuration(Date.parse(nextAt) - now)}`;
    return `${name} ended ${readableDuration(now - Date.parse(endedAt))} ago${done}${next}. Its last line then: ${shortened(lastLine, mostOfALine)}`;
  });
}

function describeSupervisor(directory: string, processes: readonly ManagedProcess[]): string[] {
  const supervisor = processes.find(({ name }) => name === supervisorName);
  if (supervisor?.alive) return [];
  const what = supervisor
    ? `The supervisor ended. Its last line: ${shortened(lastLogLine(directory, supervisorName), mostOfALine)}`
    : 'There is no supervisor.';
  return [`${what} What ends now is not started again; \`./rollcall up\` starts a supervisor.`];
}
