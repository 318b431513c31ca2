import { hash } from 'node:crypto';

import { withoutEpoch } from '@rollcall/contracts';
import { v7 as uuidv7 } from 'uuid';

/** What a new person is made of: an account, at a position, at the time that its page was asked for. */
export interface PersonSource {
  readonly account: string;
  readonly position: string;
  readonly at: number;
}

/**
 * UUIDv7 out of what the person is made of (G1). When a restored database applies the same message again, the person gets the
 * same id: consumers and workflows know them.
 */
export function personIdOf({ account, position, at }: PersonSource): string {
  const random = hash('sha256', `${withoutEpoch(`${position}/`)}${account}`, 'buffer');
  return uuidv7({ msecs: Math.max(Math.floor(at), 0), random });
}
