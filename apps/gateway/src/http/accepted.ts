import type { Operation } from '@rollcall/contracts';

/** Answer 202: the outcome is not known yet and will be found at the operation (F3). */
export class Accepted {
  constructor(readonly operation: Operation) {}
}
