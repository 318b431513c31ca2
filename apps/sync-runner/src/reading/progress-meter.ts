import type { UserPage, VendorMeter } from '@rollcall/connector-kit';
import type { RunProgress } from '@rollcall/contracts';

/** Between two notes of a run's progress: often enough for people, and seldom enough to cost nothing. */
const noteEveryMs = 1_000;

/** How far a run has read. A listing that is read again begins its pages anew; calls and waits go on. */
export class ProgressMeter implements VendorMeter {
  private pages = 0;
  private users = 0;
  private total: number | null = null;
  private calls = 0;
  private waitedMs = 0;
  private waitingUntil: string | null = null;
  private notedAt = Number.NEGATIVE_INFINITY;

  /** @param note stores what is known now; its failure must not end a run */
  constructor(
    private readonly note: (progress: RunProgress) => Promise<void>,
    /** Epoch milliseconds by the database's clock, for people. */
    private readonly timeMs: () => number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  called(): void {
    this.calls += 1;
  }

  /** Only pauses that people notice are worth a note. */
  pausing(ms: number): void {
    if (ms < noteEveryMs) return;
    this.waitingUntil = new Date(this.timeMs() + ms).toISOString();
    void this.note(this.now());
  }

  waited(ms: number): void {
    this.waitingUntil = null;
    this.waitedMs += Math.round(ms);
  }

  begin(): void {
    [this.pages, this.users, this.total] = [0, 0, null];
  }

  async read(page: UserPage): Promise<void> {
    this.pages += 1;
    this.users += page.users.length;
    this.total = page.total ?? this.total;
    if (this.nowMs() - this.notedAt < noteEveryMs) return;
    this.notedAt = this.nowMs();
    await this.note(this.now());
  }

  now(): RunProgress {
    const { pages, users, total, calls, waitedMs, waitingUntil } = this;
    return { pages, users, total, calls, waitedMs, waitingUntil, at: new Date(this.timeMs()).toISOString() };
  }
}
