/** What is wrong with a record that is otherwise readable; what was wrong with it has been taken out of it. */
export interface RecordDefect {
  readonly code: 'record-too-large' | 'record-too-deep';
  /** Field of the record in which it stands. */
  readonly field: string;
}

export const deepestLevel = 64;
export const longestRecord = 2 * 1024 * 1024;

const defects = new WeakMap<object, RecordDefect>();

export function noteDefect(record: object, defect: RecordDefect): void {
  if (!defects.has(record)) defects.set(record, defect);
}

/** Null for a record as it should be, and for anything that is no record of an answer. */
export function defectOf(record: unknown): RecordDefect | null {
  return typeof record === 'object' && record !== null ? (defects.get(record) ?? null) : null;
}

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

/** Takes the longest fields out of a record that is too large, until what is left has a size to work with. */
export function cutToSize(record: object): void {
  let length = lengthOf(record);
  if (length <= longestRecord) return;
  const fields = Object.entries(record).map(([field, value]) => ({ field, length: lengthOf(value) }));
  for (const one of fields.sort((a, b) => b.length - a.length)) {
    if (length <= longestRecord) return;
    noteDefect(record, { code: 'record-too-large', field: one.field });
    Reflect.deleteProperty(record, one.field);
    length -= one.length;
  }
}

const reasons: Readonly<Record<RecordDefect['code'], string>> = {
  'record-too-large': 'is too large: a record may have 2 MB',
  'record-too-deep': `is nested deeper than ${deepestLevel} levels`,
};

/** Half a sentence: which field, and what is wrong with it. */
export function describeDefect({ code, field }: RecordDefect): string {
  return `its field "${field.slice(0, 100)}" ${reasons[code]}`;
}
