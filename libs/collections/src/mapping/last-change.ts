import { type Cause, causeSchema } from '@rollcall/contracts';

import { fits, optional, text } from '../models/paths.js';

/** When and why a record changed last. Absent: not since it was made. The history says what; this is for lists. */
export interface LastChange {
  time: string;
  cause: Cause;
}

export const lastChangePath = optional.part<LastChange>({ time: text, cause: fits(causeSchema) });
