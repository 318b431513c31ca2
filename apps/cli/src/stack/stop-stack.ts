import { serviceNames } from '@rollcall/contracts';
import { listProcesses, type ManagedProcess, stopLeftovers, stopProcess } from '@rollcall/engines';

import { SERVICE_GRACE_MS } from './service-process.js';
import { stopSupervisor, supervisorName } from './supervision.js';

const ENGINES = new Set(['kafka', 'mongodb']);

/** Ends the services of this directory, the supervisor first, which would start them again. Returns the names of those that ran. */
export const stopServices = (directory: string): Promise<string[]> =>
  stopSupervised(directory, ({ name }) => (serviceNames as readonly string[]).includes(name));

async function stopSupervised(directory: string, isMeant: (process: ManagedProcess) => boolean): Promise<string[]> {
  const supervised = await stopSupervisor(directory);
  const processes = listProcesses(directory).filter(isMeant);
  await Promise.all(processes.map(({ name }) => stopProcess(name, directory, { graceMs: SERVICE_GRACE_MS })));
  return [...(supervised ? [supervisorName] : []), ...processes.filter(({ alive }) => alive).map(({ name }) => name)];
}

/** Services and simulated vendors first, so that they can finish their slice, then the engines. Returns the names of all that ran. */
export async function stopStack(directory: string): Promise<string[]> {
  const engines = listProcesses(directory).filter(({ name, alive }) => alive && ENGINES.has(name));
  const services = await stopSupervised(directory, ({ name }) => !ENGINES.has(name));
  await stopLeftovers(directory);
  return [...services, ...engines.map(({ name }) => name)];
}
