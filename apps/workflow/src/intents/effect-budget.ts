export interface BudgetLimits {
  readonly perHour: number;
  readonly dailyPercent: number;
}

/** Active users of the app that is acted on, and active people of the whole installation. */
export interface ActiveUsers {
  readonly ofApp: number;
  readonly ofAll: number;
}

/** One counter of people acted on destructively: of a workflow, of a connector or in all, in an hour or a day. */
export interface BudgetWindow {
  readonly id: string;
  /** People who may be acted on. */
  readonly limit: number;
  /** Calls that somebody counted may get in this window; null: any number. */
  readonly callsPerPerson: number | null;
  /** When the window is over and the next one begins. */
  readonly endsAt: Date;
  readonly name: string;
}

/** A limit that is reached, and when it is lifted. */
export interface ReachedLimit {
  readonly name: string;
  readonly endsAt: Date;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** Small companies may always act on so many people a day. */
const dailyFloor = 5;
/** Far more than the blocks of the workflows that one leaver starts: whoever gets more is in a loop. */
export const mostCallsPerPerson = 50;

export function dailyLimit(activeUsers: number, percent: number): number {
  return Math.max(dailyFloor, Math.floor((activeUsers * percent) / 100));
}

/** The six counters that a destructive call on somebody uses (P12). Windows are hours and days of UTC. */
export function windowsOf(
  scope: { readonly workflow: string; readonly connector: string },
  active: ActiveUsers,
  limits: BudgetLimits,
  now: Date,
): BudgetWindow[] {
  const owners = [
    { prefix: `workflow:${scope.workflow}`, whose: 'of this workflow', users: active.ofApp, callsPerPerson: null },
    {
      prefix: `connector:${scope.connector}`,
      whose: `at ${scope.connector}`,
      users: active.ofApp,
      callsPerPerson: null,
    },
    { prefix: 'all', whose: 'in all', users: active.ofAll, callsPerPerson: mostCallsPerPerson },
  ];
  return owners.flatMap(({ prefix, whose, users, callsPerPerson }) => {
    const hour = windowOf(now, hourMs, 13, limits.perHour);
    const day = windowOf(now, dayMs, 10, dailyLimit(users, limits.dailyPercent));
    return [
      { ...hour, id: `${prefix}/${hour.key}`, callsPerPerson: null, name: nameOf(hour.limit, 'an hour', whose) },
      { ...day, id: `${prefix}/${day.key}`, callsPerPerson, name: nameOf(day.limit, 'a day', whose) },
    ].map(({ key: _key, ...window }) => window);
  });
}

function nameOf(limit: number, time: string, whose: string): string {
  return `${limit} people ${time} for destructive steps ${whose}`;
}

function windowOf(now: Date, lengthMs: number, digits: number, limit: number) {
  const startMs = Math.floor(now.getTime() / lengthMs) * lengthMs;
  const key = new Date(startMs).toISOString().slice(0, digits);
  return { key, limit, endsAt: new Date(startMs + lengthMs) };
}

/** What is known of one window: how many people it counted, and the calls on this one if they are among them. */
export interface WindowState {
  readonly people: number;
  /** Null: not counted yet. */
  readonly calls: number | null;
}

/** The limits that one more call on somebody would break, the one that lasts longest first. */
export function reachedLimits(states: readonly (readonly [BudgetWindow, WindowState])[]): ReachedLimit[] {
  return states
    .flatMap(([window, { people, calls }]): ReachedLimit[] => {
      const { limit, callsPerPerson, endsAt, name } = window;
      if (calls === null) return people >= limit ? [{ name, endsAt }] : [];
      if (callsPerPerson === null || calls < callsPerPerson) return [];
      return [{ name: `${callsPerPerson} destructive calls a day on one person`, endsAt }];
    })
    .toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
}
