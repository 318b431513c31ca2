/**
 * Work that happens strictly one after the other in the background, at most `limit` pieces waiting. The first error
 * stops the queue: later pieces are not started, and anyone who drains it gets the error.
 */
export class SerialQueue {
  private tail: Promise<void> = Promise.resolve();
  private waiting: Promise<void>[] = [];
  private failure: { error: unknown } | null = null;

  constructor(private readonly limit: number) {}

  add(work: () => Promise<void>): void {
    const piece = this.tail.then(async () => {
      if (this.failure) return;
      try {
        await work();
      } catch (error) {
        this.failure = { error };
      }
    });
    this.tail = piece;
    this.waiting.push(piece);
    void piece.then(() => {
      this.waiting = this.waiting.filter((other) => other !== piece);
    });
  }

  /** Resolves when another piece may be added. */
  async room(): Promise<void> {
    while (this.waiting.length >= this.limit) await this.waiting[0];
    this.check();
  }

  /** Resolves when everything added is done. */
  async drain(): Promise<void> {
    await this.tail;
    this.check();
  }

  private check(): void {
    if (this.failure) throw this.failure.error;
  }
}
