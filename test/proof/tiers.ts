/** How large a proof is. Figures of a result name the tier and are worth nothing without it. */
export interface Tier {
  readonly name: 'T0' | 'T1';
  /** Accounts over both vendors. */
  readonly users: number;
  /** Processes killed in each part; pauses come on top. */
  readonly killsPerPart: number;
  /** Mean of the exponential gap between two faults. */
  readonly gapMs: number;
  readonly longestPauseMs: number;
  /** What happens at each vendor between two runs. */
  readonly churn: {
    readonly changed: number;
    readonly gone: number;
    readonly suspended: number;
    readonly added: number;
  };
}

export const tiers: Readonly<Record<Tier['name'], Tier>> = {
  T0: {
    name: 'T0',
    users: 5_000,
    killsPerPart: 20,
    gapMs: 2_000,
    longestPauseMs: 6_000,
    churn: { changed: 50, gone: 3, suspended: 3, added: 3 },
  },
  T1: {
    name: 'T1',
    users: 200_000,
    killsPerPart: 100,
    gapMs: 4_000,
    longestPauseMs: 40_000,
    // One in a hundred; leavers few enough that no run of a day is held (P10).
    churn: { changed: 1_000, gone: 4, suspended: 4, added: 4 },
  },
};

export function tierOf(name: string | undefined): Tier {
  const tier = tiers[(name ?? 'T0') as Tier['name']] as Tier | undefined;
  if (tier === undefined) throw new Error(`there is no tier ${name}: choose T0 or T1`);
  return tier;
}
