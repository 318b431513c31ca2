import { listProcesses, stopLeftovers, stopProcess } from '@rollcall/engines';

import { SERVICE_GRACE_MS } from './service-process.js';
import { stopSupervisor, supervisorName } from './supervision.js';

const ENGINES = new Set(['kafka', 'mongodb']);

/** Ends every process of this directory but the engines, the supervisor first, which would start them again. Returns the names of those that ran. */
export async function stopServices(directory: string): Promise<string[]> {
  const supervised = await stopSupervisor(directory);
  const processes = listProcesses(directory).filter(({ name }) => !ENGINES.has(name));
  await Promise.all(processes.map(({ name }) => stopProcess(name, directory, { graceMs: SERVICE_GRACE_MS })));
  return [...(supervised ? [supervisorName] : []), ...processes.filter(({ alive }) => alive).map(({ name }) => name)];
}

/** Services first, so that they can finish their slice, then the engines. Returns the names of all that ran. */
export async function stopStack(directory: string): Promise<string[]> {
  const engines = listProcesses(directory).filter(({ name, alive }) => alive && ENGINES.has(name));
  const services = await stopServices(directory);
  await stopLeftovers(directory);
  return [...services, ...engines.map(({ name }) => name)];
}
