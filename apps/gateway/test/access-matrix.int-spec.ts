import type { Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operators } from '@rollcall/collections';

import { fieldPolicy, fieldsOf, strictRulesOf } from '../src/access/field-policy.js';
import { policy } from '../src/access/policy.js';
import type { OperationDefinition } from '../src/http/operation.js';
import { GatewayUnderTest } from './gateway-under-test.js';
import { type MatrixCaller, storeCallers } from './matrix/callers.js';
import { type Cell, cellsOf, closedOperations, pathOf, segmentOf, type Verdict } from './matrix/cells.js';
import { kinds, type StoredObject, storeObjects } from './matrix/object-states.js';

const atOnce = 16;
const password = 'example-hash-of-a-password';

let gateway: GatewayUnderTest;
let callers: MatrixCaller[];
let objects: ReadonlyMap<string, StoredObject[]>;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({
    ROLLCALL_COMMAND_WAIT_MS: '100',
    ROLLCALL_KEY_REQUESTS_PER_MINUTE: '1000000',
    ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: '1000000',
  });
  // Connections of the test are kept for longer than a busy machine needs between two requests.
  (gateway.app.getHttpServer() as Server).keepAliveTimeout = 120_000;
  objects = await storeObjects(gateway.environment);
  callers = await storeCallers(gateway.environment);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

/** As many names as one answer tells faults. */
function groupsOf(names: readonly string[], size = 40): string[][] {
  return names.length === 0 ? [] : [names.slice(0, size), ...groupsOf(names.slice(size), size)];
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(method: string, path: string, key: string | null, body?: object): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1${path}`, {
    method: method.toUpperCase(),
    headers: {
      'x-request-id': 'the-same-for-all',
      ...(key !== null && { 'x-api-key': key }),
      ...(body !== undefined && { 'if-match': '*', 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Runs pieces of work a few at a time, in their order. */
async function allOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const take = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return results;
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code;

function seenAs(answer: Answer): Verdict {
  if (answer.status === 401) return 'unauthenticated';
  if (answer.status === 403) return 'missing-scope';
  return answer.status === 404 && codeOf(answer) === 'not-found' ? 'not-found' : 'passes';
}

const nameOf = ({ operation, object, caller }: Cell): string =>
  `${operation.id} of ${object === null ? 'nothing' : object.id} by ${caller.name}`;

/** Reading what is there succeeds; what is not stored beside an object may be missing, but not because of a right. */
const mayBeMissing = ({ operation, verdict }: Cell): boolean => verdict === 'passes' && segmentOf(operation) === null;

/** Cells whose answer is another one than the policy says. */
function wrongOf(cells: readonly Cell[], answers: readonly Answer[]): string[] {
  return cells.flatMap((cell, at) => {
    const answer = answers[at]!;
    const seen = seenAs(answer);
    const isRight = seen === cell.verdict || (cell.verdict === 'passes' && seen === 'not-found');
    return isRight && answer.status !== 500 ? [] : [`${nameOf(cell)}: ${answer.status} in place of ${cell.verdict}`];
  });
}

async function storedObjects(): Promise<string> {
  const all = await Promise.all(
    Object.values(kinds).map(({ collection }) =>
      gateway.environment.databases.collection(collection).find().sort({ _id: 1 }).toArray(),
    ),
  );
  return JSON.stringify(all, (name, value: unknown) => (name === 'lastUsedAt' ? undefined : value));
}

describe('the matrix of operations, objects and callers (P28)', () => {
  it('has objects in every state for every operation whose path names one', () => {
    const segments = closedOperations()
      .map(segmentOf)
      .filter((segment) => segment !== null);
    expect([...new Set(segments)].filter((segment) => !Object.hasOwn(kinds, segment))).toEqual([]);
    expect(Object.values(kinds).every(({ states }) => states.length > 1)).toBe(true);
  });

  it('opens what the policy says whatever the state of an object, and refusals change nothing', async () => {
    const cells = cellsOf(callers, objects);
    const refused = cells.filter(({ verdict }) => verdict !== 'passes');
    const passing = cells.filter(({ verdict }) => verdict === 'passes');
    const before = await storedObjects();
    const refusals = await allOf(refused, ({ operation, path, caller }) => ask(operation.method, path, caller.key));
    expect(wrongOf(refused, refusals)).toEqual([]);
    expect(await storedObjects()).toBe(before);
    const answers = await allOf(passing, ({ operation, path, caller }) => ask(operation.method, path, caller.key));
    expect(wrongOf(passing, answers)).toEqual([]);
    expect(answers.filter(({ text }) => text.includes(password))).toEqual([]);
    process.stdout.write(`access matrix: ${cells.length} cells, ${refused.length} of them refusals, 0 wrong\n`);
    expect(cells.length).toBeGreaterThan(4_000);
  }, 900_000);

  it('answers what is outside of a limit as it answers what does not exist', async () => {
    const limited = callers.find(({ name }) => name === 'limited to mine')!;
    const hidden = cellsOf([limited], objects).filter(({ verdict }) => verdict === 'not-found');
    const wrong = await allOf(hidden, async (cell) => {
      const { operation, object, path } = cell;
      const missing = 'no-such-object';
      const [outside, nothing] = [
        await ask(operation.method, path, limited.key),
        await ask(operation.method, pathOf(operation, missing), limited.key),
      ];
      const words = (answer: Answer, id: string) =>
        answer.text.replaceAll(id, 'ID').replaceAll(encodeURIComponent(id), 'ID');
      return words(outside, object!.id) === words(nothing, missing) ? [] : [nameOf(cell)];
    });
    expect(hidden.length).toBeGreaterThan(100);
    expect(wrong.flat()).toEqual([]);
  }, 180_000);

  it('shows every reader of an object the same, since nothing of it is for some of them only', async () => {
    const reading = closedOperations().filter(({ method, path }) => method === 'GET' && /\/:id$/.test(path));
    const cells = cellsOf(callers, objects).filter(
      (cell) => reading.includes(cell.operation) && cell.verdict === 'passes' && policy[cell.operation.id] !== 'known',
    );
    const answers = await allOf(cells, ({ operation, path, caller }) => ask(operation.method, path, caller.key));
    expect(cells.filter((cell, at) => !mayBeMissing(cell) && answers[at]!.status !== 200).map(nameOf)).toEqual([]);
    const shown = new Map<string, Set<string>>();
    for (const [at, { path }] of cells.entries()) {
      shown.set(path, (shown.get(path) ?? new Set<string>()).add(answers[at]!.text));
    }
    expect([...shown].filter(([, texts]) => texts.size > 1).map(([path]) => path)).toEqual([]);
    expect(shown.size).toBeGreaterThan(50);
  }, 180_000);
});

describe('the matrix of fields (P28)', () => {
  /** Somebody who may call the operation on the object of an own integration. */
  const reaching = (operation: OperationDefinition): Cell[] =>
    cellsOf(callers, objects).filter(
      (cell) => cell.operation === operation && cell.verdict === 'passes' && (cell.object?.side ?? 'mine') === 'mine',
    );
  const withBody = () => closedOperations().filter(({ id }) => Object.hasOwn(fieldPolicy, id));

  it('refuses each field to whoever may not send it, and only to them, before it looks at the value', async () => {
    const cells = withBody().flatMap((operation) => {
      const first = reaching(operation);
      const ofOne = first.filter(({ object }) => object === first[0]!.object);
      return ofOne.flatMap((cell) => fieldsOf(operation.body).map((field) => ({ ...cell, field })));
    });
    const wrong = await allOf(cells, async (cell) => {
      const { operation, caller, field, path } = cell;
      const rule = new Map(strictRulesOf(operation.id)).get(field);
      const needed = rule === 'everywhere' ? policy[operation.id] : rule;
      const isOpen =
        needed === undefined || caller.rights.some(({ scope, limit }) => scope === needed && limit === null);
      const answer = await ask(operation.method, path, caller.key, { [field]: { not: 'a value' } });
      const isRefused = answer.status === 403 && answer.text.includes(`"/${field}"`);
      return isRefused === !isOpen && answer.status !== 500
        ? []
        : [`${nameOf(cell)}, field ${field}: ${answer.status}`];
    });
    expect(wrong.flat()).toEqual([]);
    process.stdout.write(`field matrix: ${cells.length} cells, 0 wrong\n`);
    expect(cells.length).toBeGreaterThan(300);
  }, 240_000);

  it('takes no field that an operation does not have, whichever other operation has it', async () => {
    const known = [...new Set(withBody().flatMap(({ body }) => fieldsOf(body)))].concat(
      'passwordHash',
      'version',
      'id',
    );
    const whole = callers.find(({ name }) => name === 'role admin')!;
    const before = await storedObjects();
    const cells = withBody().flatMap((operation) => {
      const example = (operation.body!.meta()?.['examples'] as object[])[0]!;
      const path = reaching(operation)[0]!.path;
      const foreign = known.filter((name) => !fieldsOf(operation.body).includes(name));
      return groupsOf(foreign).map((names) => ({ operation, path, names, example }));
    });
    const wrong = await allOf(cells, async ({ operation, path, names, example }) => {
      const body = { ...example, ...Object.fromEntries(names.map((name) => [name, 'foreign'])) };
      const answer = await ask(operation.method, path, whole.key, body);
      const taken = names.filter((name) => !answer.text.includes(`"/${name}"`));
      return answer.status === 400 ? taken.map((name) => `${operation.id} with ${name}`) : [operation.id];
    });
    expect(wrong.flat()).toEqual([]);
    expect(await storedObjects()).toBe(before);
    expect(cells.flatMap(({ names }) => names).length).toBeGreaterThan(1_000);
  }, 240_000);
});

describe('operators and keys, whose states the gateway itself judges', () => {
  const stateOf = async (id: string) =>
    (await gateway.environment.databases.collection(operators).findOne({ _id: id }))?.state;

  it.each([
    [
      'a disabled operator gets no link',
      'post',
      '/operators/operators-disabled-mine/reset-password',
      409,
      'operator-disabled',
    ],
    ['an operator who is not there gets none', 'post', '/operators/nobody/reset-password', 404, 'not-found'],
    ['a key that is not there is not revoked', 'delete', '/api-keys/nothing', 404, 'not-found'],
  ] as const)('%s', async (_, method, path, status, code) => {
    const administrator = callers.find(({ name }) => name === 'role admin')!;
    const answer = await ask(method, path, administrator.key);
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status, code });
  });

  it('keep the last administrator, in whatever way somebody would end them', async () => {
    const { databases } = gateway.environment;
    const last = 'operators-last administrator-mine';
    await databases.collection(operators).updateMany({ _id: { $ne: last } }, { $set: { state: 'disabled' } });
    const key = callers.find(({ name }) => name === 'scope admin')!.key;
    for (const wish of [{ state: 'disabled' }, { grants: [{ role: 'viewer', limit: null }] }]) {
      const answer = await ask('patch', `/operators/${encodeURIComponent(last)}`, key, wish);
      expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 409, code: 'last-administrator' });
    }
    expect(await stateOf(last)).toBe('active');
  });
});
