import { createHash, randomBytes } from 'node:crypto';

import { type ApiKeyDocument, apiKeys, type OperatorDocument, operators } from '@rollcall/collections';
import { formatApiKey, type Limit, operatorRoles, type Scope, scopes, scopesOfRole } from '@rollcall/contracts';
import type { TestEnvironment } from '@rollcall/testing';

import type { Right } from '../../src/rights/rights.js';
import { limitOf, ownIdsOf, type Side, sides } from './object-states.js';

/** Somebody who asks, and what they may do; no rights: they are nobody. */
export interface MatrixCaller {
  readonly name: string;
  readonly key: string | null;
  readonly rights: readonly Right[];
}

/** A limit to everything that is on one side. */
function wholeLimitOf(side: Side): Limit {
  const { integrations, apps } = limitOf(side);
  return {
    integrations: [...integrations, ...ownIdsOf('integrations', side)],
    apps: [...apps, ...ownIdsOf('saas-apps', side)],
  };
}

const rightsOf = (wanted: readonly Scope[], limit: Limit | null): Right[] => wanted.map((scope) => ({ scope, limit }));

/** Stores a key for every role, for every scope, for limits, and some that are of no use any more. */
export async function storeCallers({ databases }: TestEnvironment): Promise<MatrixCaller[]> {
  const callers: MatrixCaller[] = [
    { name: 'a stranger', key: null, rights: [] },
    { name: 'a wrong key', key: formatApiKey('test', '9'.repeat(64)), rights: [] },
  ];
  const add = async (
    name: string,
    wanted: readonly Scope[],
    rights: Right[],
    document: Partial<ApiKeyDocument> = {},
  ) => {
    const key = formatApiKey('test', randomBytes(32).toString('hex'));
    await databases.collection(apiKeys).insertOne({
      _id: `caller ${name}`,
      name,
      hash: createHash('sha256').update(key).digest('hex'),
      scopes: [...wanted],
      limit: null,
      createdAt: new Date(),
      expiresAt: null,
      revokedAt: null,
      ...document,
    });
    callers.push({ name, key, rights });
  };
  const past = new Date('2020-01-01T00:00:00Z');
  await add('an expired key', scopes, [], { expiresAt: past });
  await add('a revoked key', scopes, [], { revokedAt: past });
  for (const role of operatorRoles) {
    const operator = await storeOperator({ databases } as TestEnvironment, role);
    // The key asks for everything; it opens what its owner may do, and no more.
    await add(`role ${role}`, scopes, rightsOf(scopesOfRole[role], null), { owner: `operator:${operator}` });
  }
  const disabled = await storeOperator({ databases } as TestEnvironment, 'admin', 'disabled');
  await add('a key of somebody disabled', scopes, [], { owner: `operator:${disabled}` });
  for (const scope of scopes) await add(`scope ${scope}`, [scope], rightsOf([scope], null));
  for (const side of sides) {
    const limit = wholeLimitOf(side);
    await add(`limited to ${side}`, scopes, rightsOf(scopes, limit), { limit });
  }
  const nothing = { integrations: [], apps: [] };
  await add('limited to nothing', scopes, rightsOf(scopes, nothing), { limit: nothing });
  return callers;
}

async function storeOperator(
  { databases }: Pick<TestEnvironment, 'databases'>,
  role: (typeof operatorRoles)[number],
  state: OperatorDocument['state'] = 'active',
): Promise<string> {
  const _id = `caller-${role}-${state}`;
  await databases.collection(operators).insertOne({
    _id,
    email: `${_id}@example.com`,
    emailKey: `${_id}@example.com`,
    name: role,
    state,
    grants: [{ role, limit: null }],
    passwordHash: null,
    rolesFromProvider: false,
    createdAt: new Date(),
    lastSignInAt: null,
    version: 1,
  });
  return _id;
}
