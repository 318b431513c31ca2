import { describe, expect, it } from '@jest/globals';
import type { CredentialDocument, IntegrationDocument } from '@rollcall/collections';
import type { ConnectorManifest } from '@rollcall/contracts';

import { gapsOf, launchGapsOf, readyOf, type Surroundings } from './readiness.js';

const integration = {
  connector: 'vendor',
  credential: 'c1',
  inputs: { region: 'eu' },
} as unknown as IntegrationDocument;
const credential = { _id: 'c1', name: 'Key', connector: 'vendor' } as CredentialDocument;
const manifest = {
  inputs: [
    { name: 'region', label: 'Region', secret: false, required: true },
    { name: 'hash', label: 'Hash', secret: true, required: true },
  ],
} as unknown as ConnectorManifest;
const around: Surroundings = {
  manifest,
  credential,
  mappingVersion: 1,
  mappedProperties: ['mail'],
  unmappedRequired: [],
  app: 'vendor',
};

const codes = (one: IntegrationDocument, surroundings: Surroundings) =>
  gapsOf(one, surroundings).map(({ code }) => code);

describe('what an integration lacks before it can run (R85)', () => {
  it('is nothing when everything is there; secret inputs live in the vault', () => {
    expect(gapsOf(integration, around)).toEqual([]);
    expect(readyOf(integration, around)).toEqual(around);
  });

  it.each<[string, Partial<IntegrationDocument>, Partial<Surroundings>]>([
    ['connector', {}, { manifest: null }],
    ['credential', { credential: null }, { credential: null }],
    ['credential', {}, { credential: null }],
    ['credential', {}, { credential: { ...credential, connector: 'other' } }],
    ['input', { inputs: {} }, {}],
    ['mapping', {}, { mappingVersion: null }],
    ['mapping', { content: 'user-and-saas-user' }, { app: null }],
  ])('names its %s', (code, settings, missing) => {
    const [one, surroundings] = [
      { ...integration, ...settings },
      { ...around, ...missing },
    ];
    expect(codes(one, surroundings)).toEqual([code]);
    expect(readyOf(one, surroundings)).toBeNull();
  });

  it('is at launch a mapping without a field that became required since it was saved; a run goes on without it', () => {
    const surroundings = { ...around, unmappedRequired: ['Cost centre'] };
    const quiet = { ...integration, deactivate: { enabled: false, onHold: false } };
    expect(launchGapsOf(quiet, surroundings)).toEqual([
      { code: 'mapping', message: expect.stringMatching(/Cost centre is required.*Map it.*required mark off/) },
    ]);
    expect(readyOf(integration, surroundings)).toEqual(surroundings);
  });

  it('is no entry under Software > SaaS for users alone (R25)', () => {
    const alone = { ...integration, content: 'user' as const };
    expect(codes(alone, { ...around, app: null })).toEqual([]);
    expect(readyOf(alone, { ...around, app: null })).toMatchObject({ app: null });
  });

  it('is at launch the answer whose key it is, if it deactivates and no field of the credential tells', () => {
    const deactivating = {
      ...integration,
      content: 'user-and-saas-user',
      preference: 'create-and-update',
      deactivate: { enabled: true, onHold: false },
    } as IntegrationDocument;
    const username = { name: 'username', label: 'User', secret: false, required: true, ownUser: true };
    const scheme = { type: 'basic', inputs: [username], placement: { kind: 'basic' } };
    const surroundings = (change: Partial<CredentialDocument>, authSchemes: object[] = []) => ({
      ...around,
      manifest: { ...manifest, name: 'Vendor', authSchemes } as unknown as ConnectorManifest,
      credential: { ...credential, type: 'basic', secretFields: ['username'], ...change } as CredentialDocument,
    });
    const launchCodes = (one: IntegrationDocument, where: Surroundings) =>
      launchGapsOf(one, where).map(({ code }) => code);
    expect(launchCodes(deactivating, surroundings({}))).toEqual(['own-users']);
    expect(launchCodes(deactivating, surroundings({ ownUsers: null }))).toEqual(['own-users']);
    expect(launchCodes(deactivating, surroundings({ ownUsers: [] }))).toEqual([]);
    expect(launchCodes(deactivating, surroundings({}, [scheme]))).toEqual([]);
    expect(launchCodes({ ...deactivating, content: 'user' }, surroundings({}))).toEqual([]);
    expect(codes(deactivating, surroundings({}))).toEqual([]);
  });

  it('is named all at once', () => {
    const missing = { credential: null, mappingVersion: null, mappedProperties: [], unmappedRequired: [], app: null };
    const nothing = { manifest, ...missing };
    expect(codes({ ...integration, credential: null, inputs: {} }, nothing)).toEqual([
      'credential',
      'input',
      'mapping',
    ]);
  });
});
