import { Random } from '../company/random.js';
import type { Call } from '../vendors/vendor.js';
import { type Fault, type FaultPlan, faultPlanSchema, type ParsedFaultPlan } from './fault.js';

interface Planned {
  readonly id: number;
  readonly plan: ParsedFaultPlan;
  matched: number;
  fired: number;
}

export interface FaultState {
  readonly id: number;
  readonly plan: ParsedFaultPlan;
  /** Requests that matched, and those that were hit. */
  readonly matched: number;
  readonly fired: number;
}

/** The faults still to come. Every matching plan counts the request; the first that is due decides. */
export class FaultPlans {
  private readonly random: Random;
  private planned: Planned[] = [];
  private lastId = 0;

  constructor(seed: string) {
    this.random = new Random(`${seed}/faults`);
  }

  /** Throws ZodError for a plan of a wrong form. */
  add(plans: readonly FaultPlan[]): FaultState[] {
    const added = plans.map((plan): Planned => {
      this.lastId += 1;
      return { id: this.lastId, plan: faultPlanSchema.parse(plan), matched: 0, fired: 0 };
    });
    this.planned.push(...added);
    return added.map((one) => ({ ...one }));
  }

  clear(): void {
    this.planned = [];
  }

  state(): FaultState[] {
    return this.planned.map((one) => ({ ...one }));
  }

  /** The fault that hits this call, if any. */
  take(vendor: string, call: Call): Fault | null {
    let taken: Fault | null = null;
    for (const one of this.planned) {
      if (!matches(one.plan, vendor, call)) continue;
      one.matched += 1;
      if (taken !== null || !this.isDue(one)) continue;
      one.fired += 1;
      taken = one.plan.fault;
    }
    return taken;
  }

  private isDue({ plan, matched, fired }: Planned): boolean {
    const { nth, probability } = plan.match;
    const times = plan.match.times ?? (probability === undefined ? 1 : 'always');
    if (matched < nth || (times !== 'always' && fired >= times)) return false;
    return probability === undefined || this.random.next() < probability;
  }
}

function matches({ vendor, match }: ParsedFaultPlan, calledVendor: string, call: Call): boolean {
  return (
    vendor === calledVendor &&
    (match.operation === 'any' || match.operation === call.operation) &&
    (match.command === undefined || match.command === call.command) &&
    (match.page === undefined || match.page === call.page)
  );
}
