/** A path that cannot be read; the message says where. */
export class PathError extends Error {}

/**
 * Names of a path, from the outside in: `profile.mail`, `emails[0].value`, `a["work-mail"]`, `["x.y"]`. A name without
 * brackets may hold anything but dots and brackets, hyphens too.
 * @throws PathError
 */
export function parsePath(text: string): string[] {
  const names: string[] = [];
  let rest = text;
  while (rest !== '') {
    const found = names.length === 0 ? first.exec(rest) : later.exec(rest);
    if (found === null) throw new PathError(faultAt(text, rest));
    const [whole, plain, index, single, double] = found;
    names.push(plain ?? index ?? unquoted(single ?? double ?? ''));
    rest = rest.slice(whole.length);
  }
  if (names.length === 0) throw new PathError('The path is empty.');
  return names;
}

const name = String.raw`([^.[\]]+)`;
const bracket = String.raw`\[(?:(\d{1,6})|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]`;
const first = new RegExp(`^(?:${name}|${bracket})`);
const later = new RegExp(`^(?:\\.${name}|${bracket})`);

const unquoted = (text: string): string => text.replace(/\\(.)/g, '$1');

function faultAt(text: string, rest: string): string {
  const place = text.length - rest.length + 1;
  return `The path "${text}" cannot be read from character ${place} on. Write it like profile.mail, emails[0].value or ["work-mail"].`;
}

/** A function that follows a path into a record and finds nothing on prototypes. */
export function readerOfPath(text: string): (record: Record<string, unknown>) => unknown {
  const names = parsePath(text);
  if (names.length === 1) {
    const only = names[0]!;
    return (record) => (Object.hasOwn(record, only) ? record[only] : undefined);
  }
  return (record) => {
    let value: unknown = record;
    for (const one of names) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, one)) return undefined;
      value = (value as Record<string, unknown>)[one];
    }
    return value;
  };
}

/** Paths of manifests, which are few and never change. */
const readers = new Map<string, (record: Record<string, unknown>) => unknown>();

/** What stands at a path of a manifest in whatever a vendor answered. @throws PathError */
export function valueAt(root: unknown, path: string): unknown {
  let read = readers.get(path);
  if (read === undefined) {
    read = readerOfPath(path);
    readers.set(path, read);
  }
  return typeof root === 'object' && root !== null ? read(root as Record<string, unknown>) : undefined;
}
