import type { Limit } from '@rollcall/contracts';

/** Condition of a list of things that have an integration each. */
export function ofIntegrations(within: Limit | null) {
  return within === null ? [] : [{ integration: { $in: within.integrations } }];
}

/** Condition of a list of the limited things themselves. @param ids left out: all of them */
export function ofIds(ids: readonly string[] | undefined) {
  // The driver's type of a filter takes object ids only, which no collection here has.
  return ids === undefined ? [] : [{ _id: { $in: ids as never[] } }];
}
