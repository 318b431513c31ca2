import type { AuditedChange } from '@rollcall/contracts';

import { pointerStep } from '../http/json-pointer.js';

const mostChanges = 200;
const longestText = 1000;

/** What differs between two records as the API shows them, value by value. */
export function changedValues(before: unknown, after: unknown): AuditedChange[] {
  return differences('', before, after).slice(0, mostChanges);
}

function differences(pointer: string, from: unknown, to: unknown): AuditedChange[] {
  if (isRecord(from) && isRecord(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(`${pointer}${pointerStep(name)}`, from[name], to[name]));
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ pointer, from: short(from), to: short(to) }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Long ones are cut: the audit says that they changed, the history of the record says how. */
function short(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined || text.length <= longestText ? (value ?? null) : `${text.slice(0, longestText)}…`;
}
