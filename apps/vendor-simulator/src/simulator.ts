import type { RequestListener } from 'node:http';

import { advanceDay } from './company/advance-day.js';
import { demoCompany, type StaffedCompany } from './company/demo-company.js';
import { loadCompany } from './company/load-company.js';
import { Random } from './company/random.js';
import { Control } from './control/control.js';
import { controlListener } from './control/control-server.js';
import { FaultPlans } from './faults/fault-plans.js';
import type { RateLimit } from './faults/rate-limit.js';
import { listen, type Listening } from './http/listen.js';
import { type Settings, vendorListener } from './http/vendor-server.js';
import { Ledger } from './ledger/ledger.js';
import {
  accountShapes,
  createVendorApi,
  type VendorCredentials,
  type VendorId,
  vendorIds,
  vendors,
} from './vendors/index.js';

export interface SimulatorOptions {
  /** Default `rollcall`. The same seed makes the same company and the same days. */
  readonly seed?: string;
  /** `demo` (default): 240 people with oddities; `load:<n>`: n plain people with an account everywhere. */
  readonly company?: 'demo' | `load:${number}`;
  /** Days to advance before serving: brings a restarted simulator back to where the script was. */
  readonly startDay?: number;
  /** Default 0: any free port. */
  readonly ports?: Partial<Record<VendorId | 'control', number>>;
  readonly credentials?: Partial<VendorCredentials>;
  /** Without it the ledger is kept in memory. */
  readonly ledgerFile?: string;
  readonly latencyMs?: number;
  /** Default `vendor`: what each vendor documents; null: none. */
  readonly rateLimit?: RateLimit | 'vendor' | null;
  /** Default 3599, as the vendors say. */
  readonly tokenLifeSeconds?: number;
  /** Default: all. A company knows only the vendors that are simulated. */
  readonly vendors?: readonly VendorId[];
}

export interface Simulator {
  /** Origins, without a path. */
  /** Only those of the vendors that are simulated. */
  readonly urls: Readonly<Record<VendorId | 'control', string>>;
  readonly credentials: VendorCredentials;
  readonly control: Control;
  stop(): Promise<void>;
}

/** Starts all vendors and the control API on the loopback address. Rejects when a port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 'rollcall', startDay = 0, ports = {}, ledgerFile } = options;
  const simulated = vendorIds.filter((id) => options.vendors?.includes(id) ?? true);
  const staffed = staff(seed, options.company ?? 'demo', simulated);
  for (let day = 0; day < startDay; day += 1) advanceDay(staffed);
  const ledger = new Ledger(ledgerFile);
  ledger.append({ kind: 'start', seed, company: staffed.company.kind, day: staffed.company.clock.day });
  const faults = new FaultPlans(seed);
  const settings: Settings = {
    latencyMs: options.latencyMs ?? 0,
    rateLimit: options.rateLimit === undefined ? 'vendor' : options.rateLimit,
    tokenLifeSeconds: options.tokenLifeSeconds ?? 3599,
  };
  const control = new Control(staffed, faults, ledger, settings);
  const credentials = allCredentials(options.credentials ?? {});
  const vendorListeners = simulated.map((vendor): [VendorId, RequestListener] => {
    const { clock } = staffed.company;
    const directory = staffed.company.directory(vendor);
    const random = new Random(`${seed}/${vendor}/api`);
    const api = createVendorApi(vendor, {
      directory,
      clock,
      random,
      credentials: credentials[vendor],
      now: Date.now,
      tokenLifeSeconds: () => settings.tokenLifeSeconds,
      // Every listener is on a loopback port of its own, and nothing lies in front of it.
      origin: (request) => `http://${request.header('host') ?? ''}`,
    });
    const ownLimit = (vendors[vendor] as { rateLimit?: RateLimit }).rateLimit ?? null;
    const mutate = control.mutate.bind(control);
    return [vendor, vendorListener({ vendor, api, ownLimit, ledger, faults, settings, mutate })];
  });
  const servers = await listenAll([...vendorListeners, ['control', controlListener(control)]], ports).catch(
    (error: unknown) => {
      ledger.close();
      throw error;
    },
  );
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

function staff(seed: string, kind: string, simulated: readonly VendorId[]): StaffedCompany {
  const shapes = accountShapes(simulated);
  const count = /^load:([1-9]\d*)$/.exec(kind)?.[1];
  return count === undefined ? demoCompany(seed, shapes) : loadCompany(seed, Number(count), shapes);
}

function allCredentials(given: Partial<VendorCredentials>): VendorCredentials {
  const pairs = vendorIds.map((id) => [id, { ...vendors[id].defaultCredentials, ...given[id] }]);
  return Object.fromEntries(pairs) as VendorCredentials;
}
