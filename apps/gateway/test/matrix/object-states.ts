import { randomBytes } from 'node:crypto';

import {
  accounts,
  apiKeys,
  apps,
  type CollectionDefinition,
  credentials,
  erasures,
  fields,
  heldPlans,
  integrations,
  notices,
  operations,
  operators,
  people,
  peoplePlans,
  runs,
  workflowRuns,
  workflows,
} from '@rollcall/collections';
import {
  accountRecordSchema,
  credentialRecordSchema,
  erasureRecordSchema,
  heldPlanRecordSchema,
  heldPlanStates,
  integrationRecordSchema,
  integrationStateSchema,
  noticeRecordSchema,
  operatorStates,
  peopleFieldSchema,
  peoplePlanRecordSchema,
  peoplePlanStates,
  personRecordSchema,
  runRecordSchema,
  runScopeSchema,
  runStates,
  saasAppSchema,
  workflowRecordSchema,
  workflowRunRecordSchema,
  workflowRunStateSchema,
  workflowStateSchema,
} from '@rollcall/contracts';
import type { TestEnvironment } from '@rollcall/testing';
import type { z } from 'zod';

import { buildCreated } from '../records.js';
import { exampleOf } from './example-record.js';

/** Whose an object is, for those that rights may be limited to: within the limit of the callers, or outside. */
export const sides = ['mine', 'others'] as const;
export type Side = (typeof sides)[number];

/** What the limits of callers name. */
export const limitOf = (side: Side) => ({ integrations: [`integration-${side}`], apps: [`app-${side}`] });

/** An object that is stored, by what makes it differ from the others of its kind. */
export interface StoredObject {
  readonly id: string;
  readonly state: string;
  readonly side: Side;
}

type State = readonly [state: string, overrides: object];

interface Kind {
  readonly collection: CollectionDefinition<never>;
  readonly record: z.ZodType | null;
  readonly states: readonly State[];
  /** Fields that say where it belongs; absent where nothing is limited. */
  readonly placedBy?: (side: Side) => object;
  /** Values that the documents have beside those of their records. */
  readonly stored?: object;
}

const kind = <Doc extends object>(collection: CollectionDefinition<Doc>, rest: Omit<Kind, 'collection'>): Kind => ({
  collection: collection as unknown as CollectionDefinition<never>,
  ...rest,
});

const each = (states: readonly string[], overridesOf: (state: string) => object = (state) => ({ state })): State[] =>
  states.map((state) => [state, overridesOf(state)]);

const later = new Date('2100-01-01T00:00:00Z');
const before = new Date('2020-01-01T00:00:00Z');
const ofIntegration = (side: Side) => ({ integration: `integration-${side}` });
const noTimes = { expiresAt: later, heldAt: before };
const created = buildCreated();
const operator = { email: '', name: 'Somebody', grants: [], rolesFromProvider: false, createdAt: before, version: 1 };

/** Every kind of object that a path names, by the first part of the path, in every state that it can have. */
export const kinds: Readonly<Record<string, Kind>> = {
  accounts: kind(accounts, {
    record: accountRecordSchema,
    states: [
      ['active', { active: true }],
      ['inactive', { active: false }],
      ['protected', { protected: true }],
      ['in error', { error: { code: 'example', message: 'Example.' } }],
    ],
    placedBy: (side) => ({ ...ofIntegration(side), app: `app-${side}` }),
    stored: { created },
  }),
  'api-keys': kind(apiKeys, {
    record: null,
    states: [
      ['of a program', {}],
      ['of the caller', { owner: 'api-key:caller' }],
      ['of an operator', { owner: 'operator:operators-active-mine' }],
      ['expired', { expiresAt: before }],
      ['revoked', { revokedAt: before }],
    ],
    stored: { name: 'Key', scopes: ['read'], limit: null, createdAt: before, expiresAt: later, revokedAt: null },
  }),
  credentials: kind(credentials, {
    record: credentialRecordSchema,
    states: [
      ['unused', {}],
      ['in use', {}],
      ['refused by its vendor', { attention: { code: 'x', message: 'Refused.', at: before.toISOString() } }],
      ['with one of before', { previous: { secretVersion: 1, secretFields: ['password'] } }],
    ],
  }),
  erasures: kind(erasures, {
    record: erasureRecordSchema,
    states: each(['open', 'done']),
    stored: { at: before, doneAt: null, waitsFor: [] },
  }),
  'held-plans': kind(heldPlans, {
    record: heldPlanRecordSchema,
    states: each(heldPlanStates),
    placedBy: ofIntegration,
    stored: noTimes,
  }),
  integrations: kind(integrations, {
    record: integrationRecordSchema,
    states: [
      ...each(integrationStateSchema.options),
      ['running', { state: 'active', openRun: 'runs-reading-mine' }],
      ['on hold', { state: 'active', deactivate: { enabled: true, onHold: true } }],
    ],
    stored: { credential: 'credentials-in use-mine' },
  }),
  notices: kind(notices, {
    record: noticeRecordSchema,
    states: [
      ['unread', { readAt: null }],
      ['read', { readAt: before.toISOString() }],
    ],
  }),
  operations: kind(operations, {
    record: null,
    states: [
      ['of the caller', { actor: 'api-key:caller' }],
      ['of somebody else', { actor: 'api-key:somebody' }],
    ],
    stored: {
      owner: 'mapping',
      command: 'none',
      type: 'person.hold',
      deadline: later,
      bodyDigest: 'none',
      createdAt: new Date(),
    },
  }),
  operators: kind(operators, {
    record: null,
    states: [
      ...each(operatorStates),
      ['last administrator', { state: 'active', grants: [{ role: 'admin', limit: null }] }],
      ['of the identity provider', { state: 'active', passwordHash: null, rolesFromProvider: true }],
    ],
    stored: { ...operator, passwordHash: 'example-hash-of-a-password', lastSignInAt: null },
  }),
  'own-api-keys': kind(apiKeys, {
    record: null,
    states: [
      ['of the caller', { owner: 'api-key:caller' }],
      ['of somebody else', { owner: 'operator:operators-active-mine' }],
    ],
    stored: { name: 'Key', scopes: ['read'], limit: null, createdAt: before, expiresAt: later, revokedAt: null },
  }),
  'people-fields': kind(fields, {
    record: peopleFieldSchema,
    states: [
      ['built in', { builtIn: true }],
      ['own', { builtIn: false }],
    ],
  }),
  'people-plans': kind(peoplePlans, {
    record: peoplePlanRecordSchema,
    states: each(peoplePlanStates),
    stored: { group: 'settings', expiresAt: later, line: 0 },
  }),
  people: kind(people, {
    record: personRecordSchema,
    states: [
      ['active', { active: true }],
      ['inactive', { active: false }],
      ['protected', { protected: true }],
      ['merged', { mergedInto: 'people-active-mine' }],
      ['erased', { active: false, erasedAt: before.toISOString() }],
    ],
    stored: { created, fold: 1, keys: [] },
  }),
  runs: kind(runs, {
    record: runRecordSchema,
    states: [
      ...each(runStates),
      ...each(runScopeSchema.options, (scope) => ({ state: 'completed', scope })).map(([state, overrides]): State => [
        `completed, scope ${state}`,
        overrides,
      ]),
    ],
    placedBy: ofIntegration,
    stored: { lease: null, pinned: null },
  }),
  'saas-apps': kind(apps, {
    record: saasAppSchema.omit({ users: true }),
    states: [
      ['linked', { connector: 'example-vendor' }],
      ['not linked', { connector: null }],
    ],
    stored: { createdAt: before },
  }),
  'workflow-runs': kind(workflowRuns, {
    record: workflowRunRecordSchema,
    states: each(workflowRunStateSchema.options),
    stored: { dueAt: null, lease: null, causedByRun: null },
  }),
  workflows: kind(workflows, { record: workflowRecordSchema, states: each(workflowStateSchema.options) }),
};

/** Objects that limits name themselves: one of each state needs an id of its own that a limit holds. */
const limitedByOwnId: Readonly<Record<string, keyof ReturnType<typeof limitOf>>> = {
  integrations: 'integrations',
  'saas-apps': 'apps',
};

/** Ids that limits hold beside their integration and app, so that those in each state are within. */
export function ownIdsOf(segment: string, side: Side): string[] {
  return kinds[segment]!.states.map(([state]) => idOf(segment, state, side));
}

const idOf = (segment: string, state: string, side: Side): string => `${segment}-${state}-${side}`;

/** Stores one object of every kind in every state, on both sides. @returns them by the first part of the path */
export async function storeObjects({ databases }: TestEnvironment): Promise<ReadonlyMap<string, StoredObject[]>> {
  const stored = new Map<string, StoredObject[]>();
  for (const [segment, { collection, record, states, placedBy, stored: beside }] of Object.entries(kinds)) {
    const isLimited = placedBy !== undefined || Object.hasOwn(limitedByOwnId, segment);
    const objects = (isLimited ? sides : sides.slice(0, 1)).flatMap((side) =>
      states.map(([state, overrides]) => ({ id: idOf(segment, state, side), state, side, overrides })),
    );
    const { id: _, ...example } = record === null ? { id: null } : exampleOf(record);
    const documents = objects.map(({ id, side, overrides }) => ({
      _id: id,
      ...example,
      ...('name' in example && { name: id }),
      ...beside,
      ...placedBy?.(side),
      ...overrides,
      ...uniqueValues(segment, id),
    }));
    await databases.collection(collection).insertMany(documents as never[]);
    stored.set(segment, objects);
  }
  return stored;
}

/** What unique indexes want to differ. */
function uniqueValues(segment: string, id: string): object {
  if (segment === 'api-keys' || segment === 'own-api-keys') return { hash: randomBytes(32).toString('hex') };
  if (segment === 'operators') return { email: `${id.replaceAll(/\W/g, '.')}@example.com`, emailKey: id };
  return segment === 'notices' ? { incident: id } : {};
}
