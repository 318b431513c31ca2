import type { FieldDrift, FieldShape, RawUser } from '@rollcall/contracts';

/** Records that are looked at; enough to know a vendor's fields, and few enough to cost nothing. */
const mostRecords = 500;
const mostFields = 300;
/** A field that so many records had, and none has any more, has vanished; a rarer one may just be absent. */
const commonShare = 0.5;
/** Below so many records an absence says nothing. */
const fewestRecords = 5;

type FieldType = FieldShape['types'][number];

/** Which fields the vendor's records have, and of what types; from the first records of a run. */
export class ShapeSampler {
  private records = 0;
  private readonly fields = new Map<string, { types: Set<FieldType>; count: number }>();

  add(users: readonly RawUser[]): void {
    for (const { raw, problem } of users) {
      if (this.records >= mostRecords) return;
      // Nothing is known of the fields of a record that could not be taken.
      if (problem !== undefined) continue;
      this.records += 1;
      this.addFields(raw, '');
    }
  }

  /** In the order of their paths. */
  shape(): FieldShape[] {
    const fields = [...this.fields].map(([path, { types, count }]) => ({
      path,
      types: [...types].sort(),
      share: Math.round((1000 * count) / this.records) / 1000,
    }));
    return fields.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  get isTelling(): boolean {
    return this.records >= fewestRecords;
  }

  private addFields(record: Readonly<Record<string, unknown>>, prefix: string): void {
    for (const [name, value] of Object.entries(record)) {
      const path = `${prefix}${name}`;
      const type = typeOf(value);
      this.note(path, type);
      // One level down: deeper ones are the vendor's own business, and maps of any depth would never end.
      if (type === 'object' && prefix === '') this.addFields(value as Record<string, unknown>, `${path}.`);
    }
  }

  private note(path: string, type: FieldType | null): void {
    let field = this.fields.get(path);
    if (field === undefined) {
      if (this.fields.size >= mostFields) return;
      field = { types: new Set(), count: 0 };
      this.fields.set(path, field);
    }
    field.count += 1;
    if (type !== null) field.types.add(type);
  }
}

/** Null for a value that says nothing of its type. */
function typeOf(value: unknown): FieldType | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : 'object';
}

/** How the vendor's records differ from those of the last good run; nothing where one of the two says too little. */
export function driftBetween(before: readonly FieldShape[] | null, after: readonly FieldShape[]): FieldDrift[] {
  if (before === null || before.length === 0 || after.length === 0) return [];
  const [earlier, later] = [byPath(before), byPath(after)];
  return [
    ...after.filter(({ path }) => !earlier.has(path)).map(({ path, types }) => drift(path, 'new', [], types)),
    ...before
      .filter(({ path, share }) => !later.has(path) && share >= commonShare)
      .map(({ path, types }) => drift(path, 'vanished', types, [])),
    ...after.flatMap(({ path, types }) => {
      const known = earlier.get(path)?.types ?? [];
      const isOther = known.length > 0 && types.some((type) => !known.includes(type));
      return isOther ? [drift(path, 'retyped', known, types)] : [];
    }),
  ];
}

const byPath = (fields: readonly FieldShape[]) => new Map(fields.map((field) => [field.path, field]));

function drift(
  path: string,
  change: FieldDrift['change'],
  from: FieldShape['types'],
  to: FieldShape['types'],
): FieldDrift {
  return { path, change, from: [...from], to: [...to] };
}
