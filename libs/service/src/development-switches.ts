/** A setting that helps where nothing real is at stake, and harms where something is. */
interface DevelopmentSwitch {
  readonly isOn: (value: string) => boolean;
  /** What it lets happen, after "it". */
  readonly effect: string;
}

/**
 * Every one of them, whichever service reads it. A service refuses also those that it does not read itself: services of
 * an installation mostly share their settings, and whoever starts the first one should hear of it.
 */
const developmentSwitches: Readonly<Record<string, DevelopmentSwitch>> = {
  ALLOW_LOOPBACK: {
    isOn: (value) => value !== 'false',
    effect: 'lets credentials travel without TLS, and to this machine itself',
  },
  RATE_BUDGET_FACTOR: {
    isOn: (value) => Number(value) > 1,
    effect: 'asks vendors more often than they allow, until they block you; 1 or less is possible',
  },
  NODE_TLS_REJECT_UNAUTHORIZED: {
    isOn: (value) => value === '0',
    effect: 'accepts any certificate, so that anyone in between reads every secret',
  },
};

/** Names of all development switches, for tests and documentation. */
export const developmentSwitchNames: readonly string[] = Object.keys(developmentSwitches);

/**
 * One line for each development switch that is on in production; none elsewhere. Judged by what was set and not by what
 * a service makes of it, so that no service can forget to ask.
 */
export function refusedSwitches(environment: Readonly<Record<string, string | undefined>>): string[] {
  if (environment['NODE_ENV'] !== 'production') return [];
  return Object.entries(developmentSwitches).flatMap(([name, { isOn, effect }]) => {
    const value = environment[name];
    if (value === undefined || value === '' || !isOn(value)) return [];
    return `${name} is a development switch and refused with NODE_ENV=production: it ${effect}. Take it out of the settings, or set NODE_ENV=development where no credential and no record is real.`;
  });
}
