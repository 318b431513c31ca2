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
  readonly rateLimit?: RateLimit | null;
}

export interface Simulator {
  /** Origins, without a path. */
  readonly urls: Readonly<Record<VendorId | 'control', string>>;
  readonly credentials: VendorCredentials;
  readonly control: Control;
  stop(): Promise<void>;
}

/** Starts all vendors and the control API on the loopback address. Rejects when a port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? 'rollcall';
  const staffed = staff(seed, options.company ?? 'demo');
  for (let day = 0; day < (options.startDay ?? 0); day += 1) advanceDay(staffed);
  const { company } = staffed;
  const ledger = new Ledger(options.ledgerFile);
  ledger.append({ kind: 'start', seed, company: company.kind, day: company.clock.day });
  const faults = new FaultPlans(seed);
  const settings: Settings = { latencyMs: options.latencyMs ?? 0, rateLimit: options.rateLimit ?? null };
  const control = new Control(staffed, faults, ledger, settings);
  const credentials = allCredentials(options.credentials ?? {});
  const listening = new Map<VendorId | 'control', Listening>();
  const stop = async () => {
    await Promise.all([...listening.values()].map((one) => one.stop()));
    ledger.close();
  };
  try {
    for (const vendor of vendorIds) {
      const api = createVendorApi(vendor, {
        directory: company.directory(vendor),
        clock: company.clock,
        random: new Random(`${seed}/${vendor}/api`),
        credentials: credentials[vendor],
      });
      const mutate = control.mutate.bind(control);
      const handler = vendorListener({ vendor, api, ledger, faults, settings, mutate });
      listening.set(vendor, await listen(options.ports?.[vendor] ?? 0, handler));
    }
    listening.set('control', await listen(options.ports?.control ?? 0, controlListener(control)));
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = Object.fromEntries([...listening].map(([name, { url }]) => [name, url])) as Simulator['urls'];
  return { urls, credentials, control, stop };
}

function staff(seed: string, kind: string): StaffedCompany {
  const count = /^load:([1-9]\d*)$/.exec(kind)?.[1];
  return count === undefined ? demoCompany(seed, accountShapes) : loadCompany(seed, Number(count), accountShapes);
}

function allCredentials(given: Partial<VendorCredentials>): VendorCredentials {
  const pairs = vendorIds.map((id) => [id, { ...vendors[id].defaultCredentials, ...given[id] }]);
  return Object.fromEntries(pairs) as VendorCredentials;
}
