import { z } from 'zod';

import { advanceDay, type DaySummary } from '../company/advance-day.js';
import type { AccountChange } from '../company/changes.js';
import type { StaffedCompany } from '../company/demo-company.js';
import { applyMutation, type Mutation } from '../company/mutations.js';
import { type CompanyTruth, companyTruth, type RawAccount, rawAccounts } from '../company/truth.js';
import type { FaultPlan } from '../faults/fault.js';
import type { FaultPlans, FaultState } from '../faults/fault-plans.js';
import type { Settings } from '../http/vendor-server.js';
import type { LedgerEntry } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';

export const settingsSchema = z.strictObject({
  latencyMs: z.int().min(0).optional(),
  rateLimit: z
    .union([z.literal('vendor'), z.strictObject({ perSecond: z.number().positive(), burst: z.number().min(1) })])
    .nullish(),
  tokenLifeSeconds: z.int().positive().optional(),
});

export type SettingsChange = z.input<typeof settingsSchema>;

/** Everything that can be done to a running simulator; the HTTP control API offers the same. All of it goes into the ledger. */
export class Control {
  constructor(
    private readonly staffed: StaffedCompany,
    private readonly plans: FaultPlans,
    private readonly ledgerBook: Ledger,
    private readonly current: Settings,
  ) {}

  /** Adds faults to those that are planned. Throws ZodError and `unknown-vendor`. */
  addFaults(plans: readonly FaultPlan[]): FaultState[] {
    for (const plan of plans) this.staffed.company.directory(plan.vendor);
    const added = this.plans.add(plans);
    this.note('faults', added);
    return added;
  }

  clearFaults(): void {
    this.plans.clear();
    this.note('clear-faults', null);
  }

  /** The planned faults with how often each matched and fired. */
  faults(): FaultState[] {
    return this.plans.state();
  }

  /** Throws `company-too-small`. */
  advanceDay(): DaySummary {
    const summary = advanceDay(this.staffed);
    this.note('advance-day', summary);
    return summary;
  }

  company(): CompanyTruth {
    return companyTruth(this.staffed.company);
  }

  /** The vendor's own user objects. Throws `unknown-vendor`. */
  rawAccounts(vendor: string): RawAccount[] {
    return rawAccounts(this.staffed.company, vendor);
  }

  /** Applies all in order; stops at the first that cannot be applied. Throws ZodError and SimulatorError. */
  mutate(mutations: readonly Mutation[]): AccountChange[] {
    const changes: AccountChange[] = [];
    for (const mutation of mutations) changes.push(...applyMutation(this.staffed, mutation));
    this.note('mutations', changes);
    return changes;
  }

  ledger(since = 0): LedgerEntry[] {
    return this.ledgerBook.entries(since);
  }

  settings(change: SettingsChange = {}): Readonly<Settings> {
    const { latencyMs, rateLimit, tokenLifeSeconds } = settingsSchema.parse(change);
    if (latencyMs !== undefined) this.current.latencyMs = latencyMs;
    if (rateLimit !== undefined) this.current.rateLimit = rateLimit;
    if (tokenLifeSeconds !== undefined) this.current.tokenLifeSeconds = tokenLifeSeconds;
    return { ...this.current };
  }

  private note(operation: string, detail: unknown): void {
    this.ledgerBook.append({ kind: 'control', operation, detail });
    this.ledgerBook.flush();
  }
}
