import { randomFillSync } from 'node:crypto';

import { v7 as uuidv7 } from 'uuid';

const bytesPerId = 16;
const pool = new Uint8Array(bytesPerId * 256);
let next = pool.length;

/** Random bytes are drawn for many ids at once: one by one they cost more than folding the person. */
function pooledRandom(): Uint8Array {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  next += bytesPerId;
  return pool.slice(next - bytesPerId, next);
}

/** UUIDv7, made in the transaction that stores the person (G1). */
export function newPersonId(): string {
  return uuidv7({ rng: pooledRandom });
}
