/** Words per slot: two of the id's hash, one of the content's. */
const slotWords = 3;
const maxLoad = 0.6;

/** Bound once: looking up a global for every letter costs many times the multiplication in some contexts. */
const { imul } = Math;

/** Two independent 32-bit lanes over UTF-16 units; multiplications by odd constants and a final mix of both lanes. */
function hash64(text: string, seed: number): [number, number] {
  let high = seed ^ 0x2545f491;
  let low = seed ^ 0x9e3779b1;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = imul(high ^ unit, 0x85ebca6b);
    low = imul(low ^ unit, 0xc2b2ae35);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  high = imul(high ^ (low >>> 16), 0x2c1b3c6d) ^ imul(low ^ (low >>> 11), 0x297a2d39);
  low = imul(low ^ (high >>> 15), 0x27d4eb2f) ^ imul(high ^ (high >>> 13), 0x165667b1);
  return [high >>> 0, low >>> 0];
}

export type Sighting = 'new' | 'same' | 'different';

/**
 * The ids of a listing and a fingerprint of what was seen under each, in 12 bytes per slot: a million ids take 25 MB
 * where a set of strings takes a hundred (I13). 64 bits of hash make a false "seen before" a matter of one in 10⁷ at a
 * million ids, and the seed keeps a vendor from choosing ids that collide; where it happens, the count no longer
 * equals the stated total and the run is incomplete.
 */
export class SeenIds {
  private slots: Uint32Array;
  private capacity: number;
  private used = 0;

  constructor(
    private readonly seed: number = Math.floor(Math.random() * 2 ** 32),
    initialCapacity = 1024,
  ) {
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(16, initialCapacity)));
    this.slots = new Uint32Array(this.capacity * slotWords);
  }

  /** Number of distinct ids. */
  get size(): number {
    return this.used;
  }

  /** Notes an id with its content. `same` and `different` compare with the content seen first. */
  add(id: string, content: string): Sighting {
    if (this.used >= this.capacity * maxLoad) this.grow();
    const [high, hashLow] = hash64(id, this.seed);
    // Two zero words mark an empty slot.
    const low = high === 0 && hashLow === 0 ? 1 : hashLow;
    const fingerprint = hash64(content, this.seed)[1];
    const at = this.find(high, low);
    if (this.slots[at] === 0 && this.slots[at + 1] === 0) {
      this.slots.set([high, low, fingerprint], at);
      this.used += 1;
      return 'new';
    }
    return this.slots[at + 2] === fingerprint ? 'same' : 'different';
  }

  /** Start of the slot that holds this hash, or of the empty one where it belongs. */
  private find(high: number, low: number): number {
    let slot = low & (this.capacity - 1);
    for (;;) {
      const at = slot * slotWords;
      const isEmpty = this.slots[at] === 0 && this.slots[at + 1] === 0;
      if (isEmpty || (this.slots[at] === high && this.slots[at + 1] === low)) return at;
      slot = (slot + 1) & (this.capacity - 1);
    }
  }

  private grow(): void {
    const old = this.slots;
    this.capacity *= 2;
    this.slots = new Uint32Array(this.capacity * slotWords);
    for (let at = 0; at < old.length; at += slotWords) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) this.slots.set([high, low, old[at + 2] ?? 0], this.find(high, low));
    }
  }
}
