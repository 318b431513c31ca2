import { advanceDay } from './company/advance-day.js';
import { demoCompany, type StaffedCompany } from './company/demo-company.js';
import { loadCompany } from './company/load-company.js';
import { Random } from './company/random.js';
import { Control } from './control/control.js';
import { FaultPlans } from './faults/fault-plans.js';
import type { Settings } from './http/vendor-server.js';
import { Ledger } from './ledger/ledger.js';
import {
  accountShapes,
  createVendorApi,
  type VendorCredentials,
  type VendorId,
  vendorIds,
  vendors,
} from './vendors/index.js';
import type { RateLimit, VendorApi, VendorRequest } from './vendors/vendor.js';

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

export interface AssembledVendor {
  readonly vendor: VendorId;
  readonly api: VendorApi;
  readonly ownLimit: RateLimit | null;
}

/** A simulator without its servers. */
export interface Assembled {
  readonly ledger: Ledger;
  readonly faults: FaultPlans;
  readonly settings: Settings;
  readonly control: Control;
  readonly credentials: VendorCredentials;
  readonly vendors: readonly AssembledVendor[];
}

/** What a simulator stands in: time, and the way requests come. */
export interface Surroundings {
  /** Real time in epoch milliseconds, by which tokens end. */
  now(): number;
  /** Origin under which a vendor was reached. */
  origin(request: VendorRequest): string;
}

/** Every listener is on a loopback port of its own, and nothing lies in front of it. */
const behindPorts: Surroundings = {
  now: Date.now,
  origin: (request) => `http://${request.header('host') ?? ''}`,
};

export function assemble(options: SimulatorOptions, surroundings: Surroundings = behindPorts): Assembled {
  const { seed = 'rollcall', startDay = 0, ledgerFile } = options;
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
  const credentials = allCredentials(options.credentials ?? {});
  const assembled = simulated.map((vendor): AssembledVendor => {
    const api = createVendorApi(vendor, {
      directory: staffed.company.directory(vendor),
      clock: staffed.company.clock,
      random: new Random(`${seed}/${vendor}/api`),
      credentials: credentials[vendor],
      ...surroundings,
      tokenLifeSeconds: () => settings.tokenLifeSeconds,
    });
    return { vendor, api, ownLimit: (vendors[vendor] as { rateLimit?: RateLimit }).rateLimit ?? null };
  });
  const control = new Control(staffed, faults, ledger, settings);
  return { ledger, faults, settings, control, credentials, vendors: assembled };
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
