export interface BudgetLimits {
  readonly perHour: number;
  readonly dailyPercent: number;
}

/** One counter of destructive calls: of a workflow or a connector, in an hour or a day. */
export interface BudgetWindow {
  readonly id: string;
  readonly limit: number;
  /** When the window is over and the next one begins. */
  readonly endsAt: Date;
  readonly name: string;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** Small apps may always lose this many users a day. */
const dailyFloor = 5;

export function dailyLimit(activeUsers: number, percent: number): number {
  return Math.max(dailyFloor, Math.floor((activeUsers * percent) / 100));
}

/** The four counters that one destructive call uses (P12). Windows are hours and days of UTC. */
export function windowsOf(
  scope: { readonly workflow: string; readonly connector: string },
  activeUsers: number,
  limits: BudgetLimits,
  now: Date,
): BudgetWindow[] {
  const hour = windowOf(now, hourMs, 13, 'hour', limits.perHour);
  const day = windowOf(now, dayMs, 10, 'day', dailyLimit(activeUsers, limits.dailyPercent));
  const owners = [
    { prefix: `workflow:${scope.workflow}`, name: 'this workflow' },
    { prefix: `connector:${scope.connector}`, name: `the connector ${scope.connector}` },
  ];
  return owners.flatMap(({ prefix, name }) =>
    [hour, day].map(({ key, noun, ...window }) => ({
      ...window,
      id: `${prefix}/${key}`,
      name: `${window.limit} destructive calls ${noun === 'hour' ? 'an' : 'a'} ${noun} of ${name}`,
    })),
  );
}

function windowOf(now: Date, lengthMs: number, digits: number, noun: string, limit: number) {
  const startMs = Math.floor(now.getTime() / lengthMs) * lengthMs;
  const key = new Date(startMs).toISOString().slice(0, digits);
  return { key, noun, limit, endsAt: new Date(startMs + lengthMs) };
}
