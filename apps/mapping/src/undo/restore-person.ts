import type { PersonDocument } from '@rollcall/collections';

import type { RecordHistory } from './record-history.js';
import { valuePrefix } from './restore-account.js';

type Kept = Pick<PersonDocument, 'values' | 'provenance' | 'active'>;

/**
 * What a person keeps whose only accounts were given to them by the undone run: what they had before it, but for what
 * somebody changed since. People follow their accounts, and nobody is left to follow.
 */
export function restoredPerson({ values, provenance, active }: Kept, { fields }: RecordHistory): Kept {
  const kept = { values: { ...values }, provenance: { ...provenance }, active };
  const sources = fields.get('provenance')?.old as Kept['provenance'] | undefined;
  for (const field of fieldsOf(values, fields)) {
    const touched = fields.get(`${valuePrefix}${field}`);
    if (touched !== undefined && touched.since !== null) continue;
    if (touched !== undefined) put(kept.values, field, touched.old as Kept['values'][string] | null);
    if (sources !== undefined) put(kept.provenance, field, sources[field]);
  }
  const activity = fields.get('active');
  return activity?.since === null ? { ...kept, active: activity.old as boolean } : kept;
}

/** Those that they have, and those that the run took from them. */
function fieldsOf(values: Kept['values'], touched: RecordHistory['fields']): Set<string> {
  const paths = [...touched.keys()].filter((path) => path.startsWith(valuePrefix));
  return new Set([...Object.keys(values), ...paths.map((path) => path.slice(valuePrefix.length))]);
}

/** People have no empty values: a field without one is not there. */
function put<Value>(record: Record<string, Value>, field: string, value: Value | null | undefined): void {
  if (value === null || value === undefined) delete record[field];
  else record[field] = value;
}
