import type { Scope } from '@rollcall/contracts';

import { GatewayError } from '../gateway.errors.js';
import type { Caller } from '../http/operation.js';
import { reachOf } from '../rights/rights.js';
import { additions, type FieldRule, strictRulesOf } from './field-policy.js';
import { openingOf, takesRight } from './policy.js';

/**
 * Refuses a body with a field that the caller may not send, before anybody looks at what it says.
 * @throws GatewayError missing-scope, with the fields
 */
export function mustBeAllowedFields(operation: string, { rights }: Pick<Caller, 'rights'>, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const refused = strictRulesOf(operation).flatMap(([field, rule]) => {
    const scope = asksFor(body, field) ? scopeOfRule(rule, operation) : null;
    return scope === null || reachOf(rights, scope) === 'everywhere' ? [] : [{ field, scope }];
  });
  if (refused.length === 0) return;
  const names = refused.map(({ field }) => field).join(', ');
  const scopes = [...new Set(refused.map(({ scope }) => `"${scope}"`))].join(' and ');
  throw new GatewayError(
    'missing-scope',
    `Setting ${names} needs the scope ${scopes} for the whole installation, which you do not have. Leave it out, or ask somebody who has that scope; nothing was changed.`,
    refused.map(({ field, scope }) => ({
      pointer: `/${field}`,
      message: `needs the scope "${scope}" for the whole installation`,
    })),
  );
}

function asksFor(body: object, field: string): boolean {
  if (!Object.hasOwn(body, field)) return false;
  const value = (body as Record<string, unknown>)[field];
  return !(additions.has(field) && Array.isArray(value) && value.length === 0);
}

/** Scope that a rule asks for; null for none. */
export function scopeOfRule(rule: FieldRule, operation: string): Scope | null {
  if (rule === 'open') return null;
  if (rule !== 'everywhere') return rule;
  const opening = openingOf(operation);
  return opening === null || !takesRight(opening) ? null : opening;
}
