import { type Grant, type Limit, type Scope, scopes, scopesOfRole } from '@rollcall/contracts';

/** A scope, everywhere or within a limit. */
export interface Right {
  readonly scope: Scope;
  /** Null: everywhere. */
  readonly limit: Limit | null;
}

export function rightsOfGrants(grants: readonly Grant[]): Right[] {
  return grants.flatMap(({ role, limit }) => scopesOfRole[role].map((scope) => ({ scope, limit })));
}

export function rightsOfKey(scopesOfKey: readonly string[], limit: Limit | null): Right[] {
  return scopes.filter((scope) => scopesOfKey.includes(scope)).map((scope) => ({ scope, limit }));
}

/** What a key may do whose owner has these rights: never more than they may. */
export function within(rights: readonly Right[], ofOwner: readonly Right[]): Right[] {
  return rights.flatMap(({ scope, limit }) =>
    ofOwner.filter((own) => own.scope === scope).map((own) => ({ scope, limit: common(limit, own.limit) })),
  );
}

function common(one: Limit | null, other: Limit | null): Limit | null {
  if (one === null || other === null) return one ?? other;
  return {
    integrations: one.integrations.filter((id) => other.integrations.includes(id)),
    apps: one.apps.filter((id) => other.apps.includes(id)),
  };
}

/** Scopes that are open everywhere. */
export function scopesEverywhere(rights: readonly Right[]): Scope[] {
  return scopes.filter((wanted) => rights.some(({ scope, limit }) => scope === wanted && limit === null));
}

/** Where a scope is open: `everywhere`, within a limit, or nowhere (null). */
export function reachOf(rights: readonly Right[], scope: Scope): 'everywhere' | Limit | null {
  const limits = rights.filter((right) => right.scope === scope).map(({ limit }) => limit);
  if (limits.length === 0) return null;
  const bounded = limits.filter((limit) => limit !== null);
  if (bounded.length < limits.length) return 'everywhere';
  return {
    integrations: [...new Set(bounded.flatMap(({ integrations }) => integrations))],
    apps: [...new Set(bounded.flatMap(({ apps }) => apps))],
  };
}
