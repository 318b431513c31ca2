import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  accounts,
  changes,
  Databases,
  fields,
  type IntegrationDocument,
  integrations,
  mappings,
  people,
  planLines,
  previewLines,
  readings,
  type RunDocument,
  runs,
  undoLines,
  undos,
} from '@rollcall/collections';
import {
  type AccountRecord,
  builtInFields,
  pageAskedHeader,
  type Pinned,
  type PlanLine,
  type RawMessage,
  type RawUser,
} from '@rollcall/contracts';
import type { ConsumedMessage } from '@rollcall/messaging';
import { buildPinned, buildRun, buildUser, buildVerdict, TestEnvironment } from '@rollcall/testing';

import { PlanHash } from '../src/plans/stage-lines.js';
import { type CrashMode, crashModes, CrashPoints } from './crash-points.js';
import { databaseSteps, SliceMachine, sliceSteps } from './slice-machine.js';

jest.setTimeout(600_000);

const titled = (id: string, name: string, overrides: Partial<RawUser> = {}) =>
  buildUser(id, { raw: { email: `${id}@example.com`, name }, ...overrides });

const undoneAt = '2030-01-01T00:00:00.000Z';

/** The runs of the story as sync-runner publishes them. */
function publishedRuns(integration: string, partition: number): RunDocument[] {
  const plan = new PlanHash();
  for (const [kind, id] of [
    ['inactive', 'b'],
    ['missing', 'd'],
    ['missing', 'e'],
  ] as const) {
    plan.add({ kind, account: `${integration}:${integration}-${id}` } as PlanLine);
  }
  const verdict = buildVerdict({ refuted: [`${integration}:${integration}-e`], planHash: plan.value() });
  const undo = { requestedBy: 'test', requestedAt: undoneAt, sentAt: null };
  return [1, 2, 3, 4, 6, 7, 8].map((generation) =>
    buildRun({
      _id: `${integration}-run-${generation}`,
      integration,
      partition,
      generation,
      ...(generation === 2 && { state: 'sweeping', verdict, undo }),
      ...(generation === 6 && { undo }),
    }),
  );
}

/** First load, churn, a sweep, a preview, its application, poison, an aborted run and two undos, on one partition. */
function story(integration: string): ConsumedMessage[] {
  const user = (id: string, overrides: Partial<RawUser> = {}) =>
    titled(`${integration}-${id}`, `Name ${id}`, overrides);
  const values: (RawMessage | string)[] = [];
  const read = (g: number, users: RawUser[], pinned: Partial<Pinned> = {}, ending: 'end' | 'abort' = 'end') => {
    const base = { i: integration, g, r: `${integration}-run-${g}` };
    values.push({
      ...base,
      k: 'start',
      pinned: buildPinned({ startedAt: new Date(1_900_000_000_000 + values.length).toISOString(), ...pinned }),
    });
    for (const one of users) values.push({ ...base, k: 'records', u: [one] });
    values.push(
      ending === 'end' ? { ...base, k: 'end', count: users.length } : { ...base, k: 'abort', reason: 'test' },
    );
  };
  read(
    1,
    ['a', 'b', 'c', 'd', 'e'].map((id) => user(id)),
  );
  const second = [titled(`${integration}-a`, 'Renamed'), user('b', { status: 'inactive' }), user('c'), user('f')];
  // Two users whom one e-mail belongs to: the second waits for a decision.
  second.push(user('g', { raw: { email: `${integration}-c@example.com`, name: 'Twin' } }));
  read(2, second);
  values.push({ k: 'sweep', i: integration, g: 2, r: `${integration}-run-2` });
  read(3, [titled(`${integration}-c`, 'Foretold'), user('h'), user('a')], { scope: 'preview' });
  read(4, [titled(`${integration}-c`, 'Of today'), user('h'), user('i')], { appliedPlan: `${integration}-run-3` });
  // Somebody has another e-mail now, and the next one takes theirs: a key is given up and taken in one slice.
  const swapped = { raw: { email: `${integration}-a@example.com`, name: 'Name f' } };
  const moved = { raw: { email: `${integration}-a2@example.com`, name: 'Renamed' } };
  read(6, [user('a', moved), user('f', swapped), user('i')], { approvedPlan: `${integration}-run-2` });
  values.push('no JSON');
  read(7, [user('a')], {}, 'abort');
  const undo = (g: number) =>
    values.push({ k: 'undo', i: integration, g, r: `${integration}-run-${g}`, undo: undoneAt });
  // The swap goes back; then a sweep, a link, values and creations, of which some were changed since.
  undo(6);
  undo(2);
  read(8, [user('f', { status: 'inactive' }), user('a')]);
  return values.map((value, offset) => ({
    offset,
    key: integration,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    headers: { [pageAskedHeader]: String(1_900_000_000_000 + offset) },
  }));
}

describe('the slice processor dies at every point where it reaches database or broker', () => {
  let environment: TestEnvironment;
  let databases: Databases;
  let cases = 0;
  let whole: { outcome: unknown; points: CrashPoints };

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    await environment.databases.ensure('sync-runner');
    const known = builtInFields.map((field) => ({ _id: field.variable, ...field, builtIn: true }));
    await environment.databases.collection(fields).insertMany(known);
    databases = await watchedDatabases(environment);
    const points = new CrashPoints();
    points.observe(databases.client);
    whole = { outcome: await outcomeOf(await play(points)), points };
    await databases.close();
    ({ databases } = environment);
  });

  afterAll(async () => {
    await environment.remove();
  });

  async function play(points: CrashPoints): Promise<SliceMachine> {
    const integration = `i${(cases += 1)}`;
    const entry = (to: string, path: string) => ({ to, from: { kind: 'field' as const, path } });
    const definition = {
      entries: [entry('email', 'email'), entry('display_name', 'name')],
      syncKeys: ['email'],
    };
    const mapping = { integration, version: 1, definition, createdAt: new Date() };
    await databases.collection(mappings).insertOne({ _id: `${integration}/1`, ...mapping });
    const deactivate = { enabled: true, onHold: false };
    await databases
      .collection(integrations)
      .insertOne({ _id: integration, name: integration, deactivate } as IntegrationDocument);
    await databases.collection(runs).insertMany(publishedRuns(integration, cases));
    const machine = new SliceMachine(databases, cases, story(integration), points);
    await machine.run();
    return machine;
  }

  /** Everything that is stored and said, without what differs from case to case by nature: names, times and ids made. */
  async function outcomeOf(machine: SliceMachine): Promise<unknown> {
    const integration = `i${machine.partition}`;
    const own = await databases.collection(accounts).find({ integration }).sort({ _id: 1 }).toArray();
    const names = new Map(own.map(({ person, vendorId }) => [person!, `the person of ${vendorId}`]));
    const owned = { record: { $in: own.map(({ _id }) => _id) }, 'after.person': { $ne: null } };
    const former = await databases.collection(changes).find(owned).sort({ record: 1, revision: 1 }).toArray();
    for (const { record, after } of former) {
      const { person, vendorId } = after as AccountRecord;
      if (!names.has(person!)) names.set(person!, `the person of ${vendorId} before (${record})`);
    }
    const persons = await databases
      .collection(people)
      .find({ _id: { $in: [...names.keys()] } })
      .toArray();
    const lines = await databases
      .collection(planLines)
      .find({ run: { $regex: `^${integration}-` } })
      .sort({ _id: 1 })
      .toArray();
    const preview = await databases
      .collection(previewLines)
      .find({ plan: `${integration}-run-3/3` })
      .sort({ _id: 1 })
      .toArray();
    const reading = await databases.collection(readings).findOne({ _id: integration });
    const ofRun = { $regex: `^${integration}-run-` };
    const undone = await databases.collection(undos).find({ _id: ofRun }).sort({ _id: 1 }).toArray();
    const left = await databases.collection(undoLines).find({ run: ofRun }).sort({ _id: 1 }).toArray();
    const bytes = new Map<string, string>();
    for (const { value } of machine.said) {
      const { id } = tryParse(String(value));
      if (id !== undefined && (bytes.get(id) ?? String(value)) !== String(value))
        throw new Error(`${id} was published with other bytes`);
      if (id !== undefined) bytes.set(id, String(value));
    }
    const events = [...bytes.values()].map((value) => tryParse(value));
    const later = await databases
      .collection(changes)
      .find({ record: { $in: [...own.map(({ _id }) => _id), ...names.keys()] } })
      .toArray();
    const text = JSON.stringify({
      accounts: own.map(({ vendorId, revision, active, sourceStatus, values, hash, error, deactivated, person }) => [
        vendorId,
        revision,
        active,
        sourceStatus,
        values,
        hash === null,
        error?.code,
        deactivated?.run,
        names.get(person!),
      ]),
      people: persons
        .map(({ _id, revision, active, values, keys, deactivated }) => [
          names.get(_id),
          revision,
          active,
          values,
          keys,
          deactivated?.run,
        ])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      lines: lines.map(({ run, kind, vendorId, state, staleReason }) => [run, kind, vendorId, state, staleReason]),
      preview: preview
        .map(({ kind, name, action, rule, changed }) => [kind, name, action, rule.code, Object.keys(changed)])
        .sort(),
      reading: [reading?.generation, reading?.state],
      undone: undone.map(({ _id, cursor, counts }) => [_id, cursor, counts]),
      left: left.map(({ account, state, left: what }) => [
        account,
        state,
        what.map(({ field, reason }) => [field, reason]),
      ]),
      events: events
        .map(({ type, subject, data }) => [type, names.get(subject) ?? subject, data.revision])
        .map(String)
        .sort(),
      changes: later
        .map(({ record, revision, event }) => [names.get(record) ?? record, revision, event])
        .map(String)
        .sort(),
      reports: [
        ...new Set(
          machine.said
            .filter(({ topic }) => topic.noun === 'run-reports')
            .map(({ value }) => withoutHashes(String(value))),
        ),
      ].sort(),
      parked: new Set(
        machine.said.filter(({ topic }) => topic.noun === 'dead-letters').map(({ value }) => String(value)),
      ).size,
    });
    return JSON.parse(text.replaceAll(new RegExp(`\\b${integration}\\b`, 'g'), 'i')) as unknown;
  }

  it('passes each of them in the story, so that none is forgotten', () => {
    expect([...whole.points.passed.keys()].sort()).toEqual([...sliceSteps.keys()].sort());
  });

  it('reads and writes at none of them what is not declared', () => {
    const undeclared = [...databaseSteps].flatMap(([point, { reads = [], writes = [] }]) => {
      const touched = whole.points.touched.get(point);
      return [
        ...[...(touched?.reads ?? [])].filter((name) => !reads.includes(name)).map((name) => `${point} reads ${name}`),
        ...[...(touched?.writes ?? [])]
          .filter((name) => !writes.includes(name))
          .map((name) => `${point} writes ${name}`),
      ];
    });
    expect(undeclared).toEqual([]);
    // Else nothing was observed at all.
    expect(whole.points.touched.get('positions.move')?.writes).toContain('positions');
  });

  it.each(crashModes)('and everything is as if nothing had happened (%s)', async (mode: CrashMode) => {
    for (const [point, count] of whole.points.passed) {
      // A read changes nothing, so that dying before and after it is the same.
      const isRead = sliceSteps.get(point)?.writes === undefined;
      if (isRead && mode === 'after') continue;
      const calls = isRead ? [Math.ceil(count / 2)] : [...new Set([1, Math.ceil(count / 2), count])];
      for (const call of calls) {
        const points = new CrashPoints();
        points.plan(point, call, mode);
        const machine = await play(points);
        const where = `${point}, call ${call} of ${count}, ${mode}`;
        expect({ where, fired: points.fired }).toEqual({ where, fired: true });
        expect({ where, outcome: await outcomeOf(machine) }).toEqual({ where, outcome: whole.outcome });
      }
    }
  });
});

/** The databases of the environment by a client that says which commands it sends. */
function watchedDatabases(environment: TestEnvironment): Promise<Databases> {
  const uri = new URL(environment.variables()['MONGODB_URI']!);
  uri.searchParams.set('monitorCommands', 'true');
  return Databases.connect({ uri: uri.href, namespace: environment.namespace, appName: 'test' });
}

interface Said {
  readonly id?: string;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly revision: number };
}

function tryParse(value: string): Said {
  try {
    return JSON.parse(value) as Said;
  } catch {
    return {} as Said;
  }
}

/** Plan hashes name accounts, which are called otherwise in each case. */
function withoutHashes(report: string): string {
  return report.replace(/"planHash":"[^"]*"/, '"planHash":""');
}
