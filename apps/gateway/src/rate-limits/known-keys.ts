export interface KnownKeysOptions {
  readonly now?: () => number;
  /** Most hashes remembered of each kind. */
  readonly most?: number;
}

/** A key that worked so lately is no stranger's. It says nothing about whether the key is valid now. */
const rightForMs = 10 * 60_000;

/**
 * Short, because a wrong key can become right in two ways: another replica stores a first key that was configured anew,
 * or a backup with a key that was revoked since comes back.
 */
const wrongForMs = 60_000;

/** Hashes of keys that were right or wrong when the database was asked last. Bounded: the oldest are forgotten first. */
export class KnownKeys {
  private readonly right = new Map<string, number>();
  private readonly wrong = new Map<string, number>();
  private readonly now: () => number;
  private readonly most: number;

  constructor({ now = () => performance.now(), most = 10_000 }: KnownKeysOptions = {}) {
    this.now = now;
    this.most = most;
  }

  noteRight(hash: string): void {
    this.wrong.delete(hash);
    this.remember(this.right, hash, rightForMs);
  }

  noteWrong(hash: string): void {
    this.right.delete(hash);
    this.remember(this.wrong, hash, wrongForMs);
  }

  wasRight(hash: string): boolean {
    return this.isFresh(this.right, hash);
  }

  wasWrong(hash: string): boolean {
    return this.isFresh(this.wrong, hash);
  }

  private remember(known: Map<string, number>, hash: string, forMs: number): void {
    known.delete(hash);
    known.set(hash, this.now() + forMs);
    if (known.size > this.most) known.delete(known.keys().next().value!);
  }

  private isFresh(known: Map<string, number>, hash: string): boolean {
    const until = known.get(hash);
    if (until === undefined) return false;
    if (until > this.now()) return true;
    known.delete(hash);
    return false;
  }
}
