import type { OperationDefinition } from '../http/operation.js';

type Write = Pick<OperationDefinition, 'method' | 'path' | 'tag' | 'shownAt'>;

/**
 * Path of the operation that shows what a write changes; null where there is none. A POST to a path adds to what a GET of the
 * same path lists; every other write replaces what it shows.
 * @param shown paths of all operations that show something
 */
export function readerPathOf({ method, path, tag, shownAt }: Write, shown: readonly string[]): string | null {
  // What a session shows is secret to everybody but the browser that it is in.
  if (tag === 'session') return null;
  if (shownAt !== undefined) return shown.includes(shownAt) ? shownAt : null;
  if (method !== 'POST' && shown.includes(path)) return path;
  return shown.find((one) => isRecordOf(path, one)) ?? null;
}

/** `/integrations/:id/launch` and `/integrations` are both about `/integrations/:id`. */
function isRecordOf(path: string, shown: string): boolean {
  const at = path.indexOf('/:');
  if (at < 0) return shown.startsWith(`${path}/:`) && !shown.slice(path.length + 1).includes('/');
  const end = path.indexOf('/', at + 1);
  return shown === (end < 0 ? path : path.slice(0, end));
}
