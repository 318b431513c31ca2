const mostSamples = 10;

/** What contradicts an invariant, counted, with the first of each told in words. */
export class Faults {
  private readonly counts = new Map<string, number>();
  private readonly samples: string[] = [];

  add(invariant: string, text: string): void {
    const count = (this.counts.get(invariant) ?? 0) + 1;
    this.counts.set(invariant, count);
    if (count <= mostSamples) this.samples.push(`${invariant}: ${text}`);
  }

  get byInvariant(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  get list(): readonly string[] {
    return this.samples;
  }
}
