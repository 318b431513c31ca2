import type { MappingDocument, PreviewLineDocument, RecordOf } from '@rollcall/collections';
import type { AccountRecord, MappingSource, PersonRecord, PreviewLine } from '@rollcall/contracts';

import { valueAt } from '../history/told-change.js';

/** A line as clients see it: old and new values side by side, and where each new one comes from. */
export function toldLine(line: RecordOf<PreviewLineDocument>, mapping: MappingDocument | null): PreviewLine {
  const { id, kind, record, action, name, person, isNewPerson, rule, changed } = line;
  const after = line.after as unknown as AccountRecord | PersonRecord;
  const fields = Object.entries(changed).map(([field, from]) => ({
    field,
    from,
    to: valueAt(after, field),
    source: sourceOf(field, kind, after, mapping),
  }));
  const refused = kind === 'person' ? (after as PersonRecord).refused[0] : (after as AccountRecord).error;
  const error = refused ? { code: refused.code, message: refused.message } : null;
  return { id, kind, record, action, name, person, isNewPerson, rule, fields, error };
}

/** Of a person's value the account that gives it; of an account's the entry of the mapping. */
function sourceOf(
  field: string,
  kind: PreviewLine['kind'],
  after: AccountRecord | PersonRecord,
  mapping: MappingDocument | null,
): string | null {
  if (!field.startsWith(valuesPrefix)) return null;
  const variable = field.slice(valuesPrefix.length);
  if (kind === 'person') return (after as PersonRecord).provenance[variable] ?? null;
  const entry = mapping?.definition.entries.find(({ to }) => to === variable);
  return entry === undefined ? null : textOf(entry.from);
}

function textOf(source: MappingSource): string {
  switch (source.kind) {
    case 'field':
      return `the vendor's ${source.path}`;
    case 'constant':
      return `the constant "${source.value}"`;
    case 'expression':
      return `the expression ${source.expression}`;
    case 'tracking':
      return `the run's ${source.name}`;
  }
}

const valuesPrefix = 'values.';
