import type { RequestListener } from 'node:http';

import { assemble, type SimulatorOptions } from './assemble.js';
import type { Control } from './control/control.js';
import { controlListener } from './control/control-server.js';
import { listen, type Listening } from './http/listen.js';
import { vendorListener } from './http/vendor-server.js';
import type { VendorCredentials, VendorId } from './vendors/index.js';

export type { SimulatorOptions } from './assemble.js';

export interface Simulator {
  /** Origins, without a path, of the vendors that are simulated. */
  readonly urls: Readonly<Record<VendorId | 'control', string>>;
  readonly credentials: VendorCredentials;
  readonly control: Control;
  stop(): Promise<void>;
}

/** Starts all vendors and the control API on the loopback address. Rejects when a port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { ledger, control, credentials, vendors: assembled, faults, settings } = assemble(options);
  const mutate = control.mutate.bind(control);
  const vendorListeners = assembled.map(({ vendor, api, ownLimit }): [VendorId, RequestListener] => [
    vendor,
    vendorListener({ vendor, api, ownLimit, ledger, faults, settings, mutate }),
  ]);
  const servers = await listenAll(
    [...vendorListeners, ['control', controlListener(control)]],
    options.ports ?? {},
  ).catch((error: unknown) => {
    ledger.close();
    throw error;
  });
  const stop = async () => {
    await stopAll(servers);
    ledger.close();
  };
  const urls = Object.fromEntries([...servers].map(([name, { url }]) => [name, url])) as Simulator['urls'];
  return { urls, credentials, control, stop };
}

type ServerName = VendorId | 'control';

/** All or none: a taken port closes those already open. */
async function listenAll(
  listeners: readonly (readonly [ServerName, RequestListener])[],
  ports: Partial<Record<ServerName, number>>,
): Promise<Map<ServerName, Listening>> {
  const servers = new Map<ServerName, Listening>();
  try {
    for (const [name, listener] of listeners) servers.set(name, await listen(ports[name] ?? 0, listener));
    return servers;
  } catch (error) {
    await stopAll(servers);
    throw error;
  }
}

async function stopAll(servers: ReadonlyMap<string, Listening>): Promise<void> {
  await Promise.all([...servers.values()].map((server) => server.stop()));
}
