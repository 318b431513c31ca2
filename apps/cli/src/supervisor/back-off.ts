/** Pauses before a process is started again: they double with each end, and are short again for one that ran steadily. */
export const backOff = { firstMs: 1_000, longestMs: 60_000, steadyAfterMs: 60_000 };

/** Counts the ends of one process that followed each other closely. */
export class BackOff {
  private closeEnds = 0;

  /**
   * How long to wait before the next start.
   * @param ranMs how long it had run when it ended
   */
  afterEnd(ranMs: number): number {
    this.closeEnds = ranMs >= backOff.steadyAfterMs ? 1 : this.closeEnds + 1;
    return Math.min(backOff.firstMs * 2 ** (this.closeEnds - 1), backOff.longestMs);
  }
}
