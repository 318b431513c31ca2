/**
 * Lets work on the same people happen one after the other, and everything else at once: two integrations that touch
 * one person, and a slice with the one before it (B1). Across processes the fold counter and the unique keys do the
 * same by a conflict, which costs a repetition (B14); within a process waiting is cheaper.
 */
export class SliceLock {
  private readonly held: { readonly footprint: ReadonlySet<string>; readonly released: Promise<void> }[] = [];

  /** Waits for everybody who came before and shares an entry. Returns the release. */
  async enter(footprint: ReadonlySet<string>): Promise<() => void> {
    const conflicts = this.held.filter((other) => intersects(footprint, other.footprint));
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const entry = { footprint, released };
    this.held.push(entry);
    await Promise.all(conflicts.map((conflict) => conflict.released));
    return () => {
      this.held.splice(this.held.indexOf(entry), 1);
      release();
    };
  }
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const entry of small) if (large.has(entry)) return true;
  return false;
}
