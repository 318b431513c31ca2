import type { Mutation, Simulator } from '@rollcall/vendor-simulator';

import type { Random } from './seeded-random.js';
import type { Tier } from './tiers.js';

export const proofVendors = ['lastpass', 'jumpcloud'] as const;
export type ProofVendor = (typeof proofVendors)[number];

/** Field of the vendor's records by which people see who it is. */
const nameFields: Readonly<Record<ProofVendor, string>> = { lastpass: 'fullname', jumpcloud: 'displayname' };

/** What happens at the vendors between runs, and who was not active at which time: the only reasons to deactivate. */
export class Churn {
  private round = 0;
  /** Ids that were ever absent or inactive, with the rounds in which they were so. */
  private readonly away = new Map<string, number[]>();
  private readonly suspended: Record<ProofVendor, string[]> = { lastpass: [], jumpcloud: [] };
  private readonly removed = new Set<string>();
  private readonly roundOfRun = new Map<string, number>();

  constructor(
    private readonly simulator: Simulator,
    private readonly random: Random,
    private readonly churn: Tier['churn'],
  ) {}

  get rounds(): number {
    return this.round;
  }

  /** Lets some time pass at the vendors. Nobody may be reading them. */
  next(): void {
    this.round += 1;
    for (const vendor of proofVendors) {
      const { accounts } = this.simulator.control.company().vendors[vendor]!;
      const ordinary = accounts.filter(({ admin, personId }) => !admin && personId !== null);
      const pick = () => ordinary[Math.floor(this.random() * ordinary.length)]!;
      const active = new Set(ordinary.filter((account) => account.active).map(({ id }) => id));
      const mutations: Mutation[] = [];
      for (let number = 0; number < this.churn.changed; number += 1) {
        const value = `Name ${this.round}.${number}`;
        mutations.push({ op: 'set-field', vendor, id: pick().id, field: nameFields[vendor], value });
      }
      for (let number = 0; number < this.churn.added; number += 1) mutations.push({ op: 'add-user', vendor });
      mutations.push(...this.returns(vendor));
      for (let number = 0; number < this.churn.suspended; number += 1) {
        const { id } = pick();
        if (!active.delete(id)) continue;
        this.suspended[vendor].push(id);
        mutations.push({ op: 'suspend', vendor, id });
      }
      const goes = Array.from({ length: this.churn.gone }, () => pick().id).filter((id) => active.delete(id));
      for (const id of goes) this.removed.add(`${vendor} ${id}`);
      this.simulator.control.mutate([...mutations, ...goes.map((id): Mutation => ({ op: 'remove-user', vendor, id }))]);
      this.noteAway(vendor);
    }
  }

  /** A run that was started now reads the vendors as they are now. */
  started(run: string): void {
    this.roundOfRun.set(run, this.round);
  }

  /** Whether the user was absent or inactive at the vendor when this run read it. */
  wasAway(vendor: string, id: string, run: string): boolean {
    const round = this.roundOfRun.get(run);
    return round !== undefined && this.away.get(`${vendor} ${id}`)?.includes(round) === true;
  }

  /** Half of whom was suspended comes back. */
  private returns(vendor: ProofVendor): Mutation[] {
    const coming = this.suspended[vendor].splice(0, Math.floor(this.suspended[vendor].length / 2));
    return coming.map((id) => ({ op: 'restore', vendor, id }));
  }

  private noteAway(vendor: ProofVendor): void {
    const present = this.simulator.control.company().vendors[vendor]!.accounts;
    const gone = [...this.removed].filter((key) => key.startsWith(`${vendor} `));
    const inactive = present.filter(({ active }) => !active).map(({ id }) => `${vendor} ${id}`);
    for (const key of [...gone, ...inactive]) {
      const rounds = this.away.get(key) ?? [];
      rounds.push(this.round);
      this.away.set(key, rounds);
    }
  }
}
