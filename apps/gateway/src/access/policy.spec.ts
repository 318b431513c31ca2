import { describe, expect, it } from '@jest/globals';
import type { Scope } from '@rollcall/contracts';
import { z } from 'zod';

import { AppModule } from '../app.module.js';
import { definedOperations } from '../http/operation.js';
import { fieldPolicy, fieldPolicyFaults, shownSecrets } from './field-policy.js';
import { isClosed, policy, policyFaults, reachInto, subjects } from './policy.js';

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Pointers of all texts in a schema; those of lists as those of one entry. */
function textsOf({ type, properties = {}, items, anyOf = [] }: Shape, at = ''): string[] {
  const own = Object.entries(properties).flatMap(([name, shape]) => textsOf(shape, `${at}/${name}`));
  const inner = [...anyOf, ...(items ? [items] : [])].flatMap((shape) => textsOf(shape, at));
  return [...new Set([...(type === 'string' ? [at] : []), ...own, ...inner])];
}

const everywhere = (...scopes: Scope[]) => scopes.map((scope) => ({ scope, limit: null }));
const mayCall = (operation: string, scopes: readonly Scope[]) => reachInto(operation, everywhere(...scopes)) !== null;

describe('the access policy', () => {
  it('names every operation of the loaded controllers and nothing else (P28)', () => {
    expect(AppModule).toBeDefined();
    expect(definedOperations().length).toBeGreaterThan(40);
    expect(policyFaults(definedOperations())).toEqual([]);
  });

  it('has a fault when an operation is forgotten, and one when an entry opens nothing', () => {
    const { listPeople: _, ...forgetful } = policy;
    expect(policyFaults(definedOperations(), forgetful)).toEqual(['operation listPeople has no entry in the policy']);
    expect(policyFaults(definedOperations(), { ...policy, readMinds: 'read' })).toEqual([
      'the policy opens readMinds, which is not an operation',
    ]);
  });

  it('has a fault when a field of a body is forgotten, and one when a rule is about none', () => {
    const { name: _, ...forgetful } = fieldPolicy['cloneIntegration']!;
    const table = { ...fieldPolicy, cloneIntegration: { ...forgetful, mood: 'open' as const } };
    expect(fieldPolicyFaults(definedOperations(), isClosed, table)).toEqual([
      'field name of cloneIntegration has no rule',
      'there is a rule for mood of cloneIntegration, which takes no such field',
    ]);
    const { createWorkflow: __, ...smaller } = fieldPolicy;
    expect(fieldPolicyFaults(definedOperations(), isClosed, smaller)).toHaveLength(3);
  });

  it('lets no answer hold a secret but those that are shown once', () => {
    const looksSecret = /(^key|password|passwordHash|(access|refresh)Hash|token|secret)$/i;
    const found = definedOperations()
      // Of a session only its own browser hears, and the catalogue tells how vendors call their secrets.
      .filter(({ result, tag }) => result && tag !== 'session' && tag !== 'catalog')
      .flatMap(({ id, result }) => {
        const shape = z.toJSONSchema(result!, { io: 'output', unrepresentable: 'any' }) as Shape;
        return textsOf(shape).map((at) => [id, at] as const);
      })
      .filter(([, at]) => looksSecret.test(at.slice(at.lastIndexOf('/') + 1)));
    expect(found.map(([id, at]) => `${id} ${at}`).sort()).toEqual(
      Object.entries(shownSecrets)
        .flatMap(([id, paths]) => paths.map((at) => `${id} ${at}`))
        .sort(),
    );
  });

  it('shows no secret in the answer of a write that makes another record than that of its path: the audit keeps it', () => {
    const kept = definedOperations().filter(({ path, status }) => path.includes('/:id') && status === 201);
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.filter(({ id }) => Object.hasOwn(shownSecrets, id)).map(({ id }) => id)).toEqual([]);
  });

  it('opens nothing that it does not name, to nobody', () => {
    const everything = ['read', 'write', 'credentials', 'approve', 'admin'] as const;
    for (const name of ['unheardOf', 'toString', '__proto__', 'constructor', ''])
      expect(mayCall(name, everything)).toBe(false);
  });

  it('lets only the scope of an operation in: no scope includes another', () => {
    expect(mayCall('createCredential', ['read', 'write', 'admin'])).toBe(false);
    expect(mayCall('createCredential', ['credentials'])).toBe(true);
    expect(mayCall('listPeople', [])).toBe(false);
  });

  it('is open without a right for these operations, and for no other one', () => {
    const openTo = (opening: string) =>
      Object.entries(policy)
        .filter(([, one]) => one === opening)
        .map(([id]) => id)
        .sort();
    expect(openTo('anyone')).toEqual([
      'beginSingleSignOn',
      'endCredentialConsent',
      'endSingleSignOn',
      'getSignInMethods',
      'redeemOperatorLink',
      'refreshSession',
      'requestPasswordLink',
      'signIn',
      'signOut',
    ]);
    expect(openTo('known')).toEqual([
      'changePassword',
      'getConnector',
      'getOpenApiDocument',
      'getOperation',
      'getSession',
      'listConnectors',
      'listCredentialTypes',
      'listEventTypes',
    ]);
    expect(openTo('signed-in')).toEqual(['createOwnApiKey', 'getOwnApiKey', 'listOwnApiKeys', 'revokeOwnApiKey']);
  });

  it('gives nothing that changes something to the scope read', () => {
    const changing = definedOperations().filter(({ id, method }) => method !== 'GET' && policy[id] === 'read');
    expect(changing).toEqual([]);
  });

  it('opens what is about the whole installation to nobody whose right has a limit', () => {
    const limit = { integrations: ['integration-1'], apps: [] };
    const rights = [{ scope: 'write' as const, limit }];
    expect(reachInto('createIntegration', rights)).toBeNull();
    expect(reachInto('startRun', rights)).toEqual(limit);
    expect(reachInto('startRun', [...rights, ...everywhere('write')])).toBe('everywhere');
  });

  it('knows the subject only of operations that name one in their path, or list some', () => {
    const byId = new Map(definedOperations().map((operation) => [operation.id, operation]));
    const odd = Object.entries(subjects).filter(
      ([id, subject]) => byId.get(id)!.path.includes('/:id') === (subject === 'list'),
    );
    expect(odd).toEqual([]);
  });
});
