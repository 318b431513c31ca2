import { PagingError } from '@rollcall/collections';
import { type Page, variableNameSchema } from '@rollcall/contracts';

type Item = Record<string, unknown>;

/** A page of which only some fields are wanted. */
export class Chosen<Of> {
  constructor(
    readonly page: Of,
    readonly fields: readonly string[],
  ) {}
}

/** @param known names of the items' fields @throws PagingError invalid-fields */
export function choose<Of>(page: Of, fields: string | undefined, known: readonly string[]): Of | Chosen<Of> {
  if (fields === undefined) return page;
  const names = fields.split(',');
  const unknown = names.find((name) => !known.includes(name) && !isValue(name, known));
  if (unknown === undefined) return new Chosen(page, names);
  const values = known.includes('values') ? ', and values.<variable>' : '';
  throw new PagingError(
    'invalid-fields',
    `The items of this list have no field "${unknown}". Their fields are: ${known.join(', ')}${values}.`,
  );
}

function isValue(name: string, known: readonly string[]): boolean {
  const variable = /^values\.(.+)$/.exec(name)?.[1];
  return variable !== undefined && known.includes('values') && variableNameSchema.safeParse(variable).success;
}

/** The body of a page whose items have the wanted fields only, and their ids. */
export function trimmed(fields: readonly string[], body: unknown): unknown {
  const page = body as Page<Item>;
  return { ...page, items: page.items.map((item) => trimmedItem(item, fields)) };
}

function trimmedItem(item: Item, fields: readonly string[]): Item {
  const whole = fields.filter((name) => !name.includes('.'));
  const top = new Set(['id', ...whole]);
  const kept = Object.fromEntries(Object.entries(item).filter(([name]) => top.has(name)));
  if (top.has('values')) return kept;
  const single = fields.filter((name) => name.includes('.')).map((name) => name.slice('values.'.length));
  if (single.length === 0) return kept;
  const values = item['values'] as Item;
  return {
    ...kept,
    values: Object.fromEntries(single.map((name) => [name, Object.hasOwn(values, name) ? values[name] : null])),
  };
}
