import { type ConnectorField } from '@rollcall/contracts';

export type VendorDateForm = NonNullable<ConnectorField['date']>;

const dayMs = 86_400_000;
const day = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const time = String.raw`([01]\d|2[0-3]):([0-5]\d):([0-5]\d)`;
const isoForm = new RegExp(String.raw`^${day}T${time}(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$`);
const localForm = new RegExp(`^${day} ${time}$`);
const dayForm = new RegExp(`^${day}$`);
/** Below it an epoch value is rather in seconds, or a zero in disguise; never guessed. */
const earliestEpochMs = 100_000_000_000;
const hourMs = 3_600_000;
/** Nobody had an account before; years from 2200 on mean "never" (9999) at many vendors. */
export const firstMs = Date.UTC(1900, 0);
export const endMs = Date.UTC(2200, 0);
/** The years that four digits can write. What an epoch value gives beyond them is rather a value of another unit. */
const earliestMs = Date.parse('0000-01-01T00:00:00Z');
const latestMs = Date.UTC(10_000, 0);

/**
 * True for an instant that stands for "no date": of years in which nobody had an account, and zero of the clock of
 * computers. Reading a date and telling that there is none both judge by it.
 */
export const isSentinel = (ms: number): boolean => ms === 0 || ms < firstMs || ms >= endMs;

/** The calendar repeats itself after so many years and days. */
const cycle = { years: 400, ms: 146_097 * dayMs };

/** Calendar parts to UTC milliseconds as if they were UTC; null for a day that no calendar has. */
function calendarMs(parts: readonly string[], fraction = ''): number | null {
  const [year, month, date, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Date.UTC takes the years 0 to 99 for those of the twentieth century, and turns 30 February into 2 March.
  const ms = Date.UTC(year + cycle.years, month - 1, date, hour, minute, second) - cycle.ms;
  const isReal = new Date(ms).getUTCMonth() === month - 1 && date > 0;
  return isReal ? ms + Number(fraction.slice(0, 3).padEnd(3, '0')) : null;
}

function isoMs(text: string): number | null {
  const match = isoForm.exec(text);
  if (match === null) return null;
  const local = calendarMs(match.slice(1, 7), match[7]);
  const zone = match[8] ?? 'Z';
  if (local === null || zone === 'Z') return local;
  const [hours = 0, minutes = 0] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return null;
  return local - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/**
 * Offsets of one zone, by Intl. Asking Intl costs microseconds, so a UTC day whose ends agree is asked for once; days
 * of a switch are asked for each time.
 */
class ZoneOffsets {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, number | null>();

  constructor(zone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** UTC milliseconds of a local time; null when the clocks skipped it, the earlier when they showed it twice. */
  toUtc(localMs: number): number | null {
    const offsets = [this.at(localMs - dayMs), this.at(localMs + dayMs)];
    const fitting = offsets.map((offset) => localMs - offset).filter((utc) => this.at(utc) === localMs - utc);
    return fitting.length === 0 ? null : Math.min(...fitting);
  }

  private at(utcMs: number): number {
    const day = Math.floor(utcMs / dayMs);
    let offset = this.days.get(day);
    if (offset === undefined) {
      const [first, last] = [this.ask(day * dayMs), this.ask((day + 1) * dayMs)];
      offset = first === last ? first : null;
      this.days.set(day, offset);
    }
    return offset ?? this.ask(utcMs);
  }

  private ask(utcMs: number): number {
    const parts = new Map(this.format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - Math.floor(utcMs / 1000) * 1000;
  }
}

const zones = new Map<string, ZoneOffsets>();

function offsetsOf(zone: string): ZoneOffsets {
  let offsets = zones.get(zone);
  if (offsets === undefined) {
    offsets = new ZoneOffsets(zone);
    zones.set(zone, offsets);
  }
  return offsets;
}

/** Where no zone makes an ordinary date of it: zones are not asked for it, and Intl writes no years before the first. */
const isFarOff = (localMs: number): boolean => isSentinel(localMs + dayMs) && isSentinel(localMs - dayMs);

function zonedMs(text: string, zone: string | undefined): number | null {
  const match = localForm.exec(text);
  const local = match === null ? null : calendarMs(match.slice(1, 7));
  if (local === null || zone === undefined) return null;
  return isFarOff(local) ? local : offsetsOf(zone).toUtc(local);
}

/** When the day begins: at midnight, or an hour later where the clocks skip it. Without a zone the day is one of UTC. */
function dayMsOf(text: string, zone: string | undefined): number | null {
  const match = dayForm.exec(text);
  const local = match === null ? null : calendarMs([...match.slice(1, 4), '0', '0', '0']);
  if (local === null || zone === undefined || isFarOff(local)) return local;
  return offsetsOf(zone).toUtc(local) ?? offsetsOf(zone).toUtc(local + hourMs);
}

function epochMs(value: unknown, unitMs: number): number | null {
  if (typeof value !== 'number') return null;
  const ms = value * unitMs;
  if (isSentinel(ms)) return ms >= earliestMs && ms < latestMs ? ms : null;
  return Number.isInteger(value) && ms >= earliestEpochMs ? ms : null;
}

type Reader = (value: unknown, zone: string | undefined) => number | null;

const ofText =
  (read: (text: string, zone: string | undefined) => number | null): Reader =>
  (value, zone) =>
    typeof value === 'string' ? read(value, zone) : null;

const readers: Readonly<Record<VendorDateForm['format'], Reader>> = {
  iso: ofText(isoMs),
  'epoch-ms': (value) => epochMs(value, 1),
  'epoch-s': (value) => epochMs(value, 1000),
  'yyyy-mm-dd hh:mm:ss': ofText(zonedMs),
  'yyyy-mm-dd': ofText(dayMsOf),
};

/** UTC milliseconds of what is written in that form, whether or not they stand for "no date"; null for anything else. */
export function instantOf(value: unknown, { format, zone }: VendorDateForm): number | null {
  return readers[format](value, zone);
}

/**
 * Reads a vendor's date strictly: a value that is empty, zero, impossible (30 February, an hour that the clocks
 * skipped), without its zone, or a far-future "never" is no date (V25).
 * @param form as in the manifest; `zone` (IANA name) is needed by the form with a time and no offset.
 * @returns ISO 8601 in UTC with milliseconds, or null.
 */
export function parseVendorDate(value: unknown, form: VendorDateForm): string | null {
  const ms = instantOf(value, form);
  return ms === null || isSentinel(ms) ? null : new Date(ms).toISOString();
}
