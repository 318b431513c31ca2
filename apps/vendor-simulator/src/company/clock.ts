export const DAY_MS = 86_400_000;

/** Day 0 of every simulated company, a Monday. Fixed, so that data never depends on the day on which a test runs. */
export const EPOCH_DAY_MS = Date.UTC(2026, 2, 2);

/** The company's own time: it stands still inside a day except for one second per reading, and moves by `nextDay`. */
export class CompanyClock {
  private currentDay = 0;
  private readings = 0;

  get day(): number {
    return this.currentDay;
  }

  /** `YYYY-MM-DD` of the current day, UTC. */
  get date(): string {
    return new Date(this.dayStartMs).toISOString().slice(0, 10);
  }

  get dayStartMs(): number {
    return EPOCH_DAY_MS + this.currentDay * DAY_MS;
  }

  /** Milliseconds since 1970, office hours of the current day. */
  nowMs(): number {
    this.readings += 1;
    return this.dayStartMs + 9 * 3_600_000 + (this.readings % 30_000) * 1000;
  }

  nextDay(): void {
    this.currentDay += 1;
    this.readings = 0;
  }
}
