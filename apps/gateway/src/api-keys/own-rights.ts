import type { Limit, ProblemError, Scope } from '@rollcall/contracts';

import { reachOf, type Right } from '../rights/rights.js';

/** What a key of somebody's own would open that they may not do themselves; empty when it opens nothing of the kind. */
export function beyondOwnRights(
  { scopes, limit }: { readonly scopes: readonly Scope[]; readonly limit: Limit | null },
  rights: readonly Right[],
): ProblemError[] {
  return scopes.flatMap((scope, place) => {
    const reach = reachOf(rights, scope);
    if (reach === null) return [{ pointer: `/scopes/${place}`, message: `"${scope}" is a scope that you do not have` }];
    if (limit === null || reach === 'everywhere') return [];
    return [
      ...outside('/limit/integrations', limit.integrations, reach.integrations, scope),
      ...outside('/limit/apps', limit.apps, reach.apps, scope),
    ];
  });
}

const outside = (pointer: string, wanted: readonly string[], own: readonly string[], scope: Scope): ProblemError[] =>
  wanted.flatMap((id, place) =>
    own.includes(id) ? [] : [{ pointer: `${pointer}/${place}`, message: `is outside of what you may ${scope}` }],
  );
