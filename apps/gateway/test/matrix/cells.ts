import { policy, type Subject, subjects } from '../../src/access/policy.js';
import { definedOperations, type OperationDefinition } from '../../src/http/operation.js';
import type { MatrixCaller } from './callers.js';
import type { Side, StoredObject } from './object-states.js';

/** What the guard must do with a request: let it pass, or one of three refusals. */
export type Verdict = 'passes' | 'unauthenticated' | 'missing-scope' | 'not-found';

/** One request of the matrix. */
export interface Cell {
  readonly operation: OperationDefinition;
  readonly caller: MatrixCaller;
  /** Null where the path names none. */
  readonly object: StoredObject | null;
  readonly path: string;
  readonly verdict: Verdict;
}

/** Operations that need a key or a session. */
export const closedOperations = (): OperationDefinition[] =>
  definedOperations().filter(({ id }) => policy[id] !== 'anyone');

/** First part of a path that names an object; null where it names none, or one of the product itself. */
export function segmentOf({ path }: OperationDefinition): string | null {
  const [, segment, parameter] = path.split('/');
  return parameter?.startsWith(':') ? segment! : null;
}

const askingForEach = ['role viewer', 'role operator', 'role admin', 'limited to mine'];

/** The first one on its side. */
const isFirst = (object: StoredObject, all: readonly (StoredObject | null)[]): boolean =>
  all.find((one) => one?.side === object.side) === object;

/** Every closed operation, on every object that it can be about, for every caller. */
export function cellsOf(
  callers: readonly MatrixCaller[],
  objects: ReadonlyMap<string, readonly StoredObject[]>,
): Cell[] {
  return closedOperations().flatMap((operation) => {
    const segment = segmentOf(operation);
    if (segment !== null && !objects.has(segment))
      throw new Error(`no objects for ${operation.path}; see object-states.ts`);
    const about = segment === null ? [null] : objects.get(segment)!;
    return about.flatMap((object) =>
      // Roles have the rights of all scopes, and what is outside of a limit is outside in every state: everybody asks for the
      // first object of each kind and side, and for the others those whose rights differ.
      callers
        .filter(({ name }) => object === null || isFirst(object, about) || askingForEach.includes(name))
        .map((caller) => ({
          operation,
          caller,
          object,
          path: pathOf(operation, object?.id ?? 'some-id'),
          verdict: verdictOf(operation.id, caller, object),
        })),
    );
  });
}

export const pathOf = ({ path }: OperationDefinition, id: string): string =>
  path.replaceAll(/:\w+/g, encodeURIComponent(id));

/** The policy in other words than those of the product. The state of an object opens nothing and closes nothing. */
function verdictOf(id: string, { key, name, rights }: MatrixCaller, object: StoredObject | null): Verdict {
  if (key === null || rights.length === 0) return 'unauthenticated';
  const opening = policy[id]!;
  if (opening === 'known') return 'passes';
  // Everybody here comes with a key.
  if (opening === 'signed-in') return 'missing-scope';
  const fitting = rights.filter(({ scope }) => scope === opening);
  if (fitting.some(({ limit }) => limit === null)) return 'passes';
  const subject: Subject | undefined = Object.hasOwn(subjects, id) ? subjects[id] : undefined;
  if (fitting.length === 0 || subject === undefined) return 'missing-scope';
  return subject === 'list' || name === `limited to ${object!.side satisfies Side}` ? 'passes' : 'not-found';
}
