import { serviceNames } from '@rollcall/contracts';
import { listProcesses, type ManagedProcess } from '@rollcall/engines';

import { columns, readableDuration } from '../terminal/output.js';
import { askReadiness } from './readiness.js';

/** A table of all processes, and whether every service is ready. */
export async function describeProcesses(directory: string): Promise<{ lines: string[]; healthy: boolean }> {
  const processes = listProcesses(directory);
  const rows = await Promise.all(processes.map(describe));
  const running = new Set(rows.filter(({ ready }) => ready).map(({ cells }) => cells[0]));
  const missing = serviceNames.filter((name) => !processes.some((process) => process.name === name));
  const healthy = serviceNames.every((name) => running.has(name));
  if (rows.length === 0) return { lines: ['Nothing runs. Start it with `./rollcall up`.'], healthy };
  const table = columns([['NAME', 'STATE', 'PORT', 'PID', 'SINCE'], ...rows.map(({ cells }) => cells)]);
  const remarks = missing.length > 0 ? [`Not started: ${missing.join(', ')}.`] : [];
  const cure = healthy ? [] : ['`./rollcall up` starts what is missing and replaces what is not ready.'];
  return { lines: [...table, ...remarks, ...cure], healthy };
}

async function describe(process: ManagedProcess): Promise<{ ready: boolean; cells: string[] }> {
  const { name, pid, startedAt, details } = process;
  const { ready, detail } = await stateOf(process);
  const since = readableDuration(Date.now() - Date.parse(startedAt));
  return { ready, cells: [name, detail, String(details.port ?? '-'), String(pid), since] };
}

async function stateOf(process: ManagedProcess): Promise<{ ready: boolean; detail: string }> {
  if (!process.alive) return { ready: false, detail: 'ended' };
  const isService = (serviceNames as readonly string[]).includes(process.name);
  if (!isService) return { ready: true, detail: 'running' };
  return askReadiness(Number(process.details.port));
}
