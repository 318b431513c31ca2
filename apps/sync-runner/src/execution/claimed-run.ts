import type { RunDocument } from '@rollcall/collections';

import type { Claim } from '../runs/runs.repository.js';

export type StopReason = 'lease-lost' | 'cancelled' | 'stopping';

/** Work on a run must not go on. Not a failure of the run. */
export class RunStopped extends Error {
  constructor(
    run: string,
    readonly why: StopReason,
  ) {
    super(`work on run ${run} stops: ${why}`);
  }
}

export interface ClaimedRunOptions {
  readonly holder: string;
  readonly leaseMs: number;
  readonly toleranceMs: number;
  readonly tickMs: number;
  /** Renews the lease and returns the run; null when it is no longer held. */
  readonly renew: (claim: Claim) => Promise<RunDocument | null>;
  /** The run if it is still held, without renewing. */
  readonly look: (claim: Claim) => Promise<RunDocument | null>;
}

/**
 * A run in the hands of this process: renews the lease at a third of its life, notices a cancellation, and says before
 * every send whether the run may still be worked on (A4). Time is taken from the monotonic clock, which goes on while
 * a process is paused, so a holder that overslept its lease knows it before it sends anything.
 */
export class ClaimedRun {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private heldUntil: number;
  private renewAt: number;
  private isLooking = false;
  private stopReason: StopReason | null = null;

  constructor(
    public run: RunDocument,
    private readonly options: ClaimedRunOptions,
    /** Taken before the claim was sent. */
    claimedAt: number,
    /** Generation under which mapping may have an open reading of the run; ABORT names it. */
    public openGeneration: number | null,
  ) {
    this.heldUntil = claimedAt + options.leaseMs - options.toleranceMs;
    this.renewAt = claimedAt + options.leaseMs / 3;
    if (run.cancelRequested) this.stop('cancelled');
    this.timer = setInterval(() => void this.tick(), Math.min(options.tickMs, options.leaseMs / 6));
  }

  get claim(): Claim {
    return { run: this.run._id, holder: this.options.holder, generation: this.run.generation };
  }

  /** Aborted as soon as work must stop; ends requests to the vendor. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stopped(): StopReason | null {
    return this.stopReason;
  }

  /** @throws RunStopped when the lease is gone, a person cancelled, or the process ends */
  checkHeld = (): void => {
    if (performance.now() > this.heldUntil) this.stop('lease-lost');
    if (this.stopReason !== null) throw new RunStopped(this.run._id, this.stopReason);
  };

  /** A lost lease outweighs everything: the run is somebody else's. */
  stop(why: StopReason): void {
    if (this.stopReason === null || why === 'lease-lost') this.stopReason = why;
    this.controller.abort();
  }

  /** Whether the lease itself still stands, for the last write of a cancelled or stopping holder. */
  get isHeld(): boolean {
    return this.stopReason !== 'lease-lost' && performance.now() <= this.heldUntil;
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** An unreachable database is no reason to stop before the lease has run out; `checkHeld` decides that. */
  private async tick(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const askedAt = performance.now();
    const claim = this.claim;
    try {
      const isDue = askedAt >= this.renewAt;
      const run = await (isDue ? this.options.renew(claim) : this.options.look(claim));
      // The holder itself changed generation or state meanwhile: the answer is about the past.
      if (claim.generation !== this.run.generation) return;
      if (run === null) this.stop('lease-lost');
      else this.note(run, isDue ? askedAt : null);
    } catch {
      if (performance.now() > this.heldUntil) this.stop('lease-lost');
    } finally {
      this.isLooking = false;
    }
  }

  private note(run: RunDocument, renewedAt: number | null): void {
    if (renewedAt !== null) {
      this.heldUntil = renewedAt + this.options.leaseMs - this.options.toleranceMs;
      this.renewAt = renewedAt + this.options.leaseMs / 3;
    }
    // SWEEP may be under way: a cancellation that came too late changes nothing (A12).
    if (run.cancelRequested && run.state !== 'sweeping') this.stop('cancelled');
  }
}
