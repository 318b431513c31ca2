import { describe, expect, it } from '@jest/globals';
import { connectors } from '@rollcall/connectors';
import type { ApiBlock, Trigger, WorkflowDefinition } from '@rollcall/contracts';

import { type Surroundings, validateDefinition } from './validate-definition.js';

const around: Surroundings = {
  connectors,
  apps: new Map([
    ['lastpass', { connector: 'lastpass' }],
    ['jumpcloud', { connector: 'jumpcloud' }],
  ]),
  fields: new Set(['email', 'username', 'first_name', 'last_name', 'role', 'jump_cloud_user_id', 'seen_at']),
  tracked: new Set(['seen_at', 'username']),
  credentials: new Map([
    ['jc', { connector: 'jumpcloud' }],
    ['lp', { connector: 'lastpass' }],
  ]),
};
const buildBlock = (overrides: Partial<ApiBlock> = {}): ApiBlock => ({
  id: 'delete',
  kind: 'api',
  connector: 'jumpcloud',
  preset: 'delete-user',
  credential: 'jc',
  inputs: {},
  ...overrides,
});
const build = (trigger: Trigger, app: string | null, ...blocks: ApiBlock[]): WorkflowDefinition => ({
  begin: { trigger, app, includeInitial: false },
  blocks,
});
const codes = (definition: WorkflowDefinition) => validateDefinition(definition, around).map(({ code }) => code);
const userId = (template: string) => buildBlock({ inputs: { userId: template } });

describe('a workflow without faults', () => {
  it.each([
    ['a field of the person', build('saas-user.deactivated', 'lastpass', buildBlock())],
    ['the id of the record itself', build('saas-user.deactivated', 'jumpcloud', userId('{{vendor_id}}'))],
    ['the account in an app', build('person.deactivated', null, userId('{{ accounts.jumpcloud.id }}'))],
    ['a field, for a person', build('person.deactivated', null, buildBlock())],
  ])('names its user by %s', (_how, definition) => {
    expect(codes(definition)).toEqual([]);
  });
});

describe('validation lists', () => {
  it('every fault at once (R104)', () => {
    const first = buildBlock({ id: 'a', connector: 'nobody', credential: 'none' });
    const second = buildBlock({ id: 'a', preset: 'no-preset', credential: 'lp' });
    expect(codes(build('saas-user.created', 'no-app', first, second))).toEqual([
      'app-unknown',
      'block-repeated',
      'connector-unknown',
      'credential-unknown',
      'preset-unknown',
      'credential-of-other-connector',
    ]);
  });

  it('an app that is missing, and one that is not wanted', () => {
    expect(codes(build('saas-user.created', null, buildBlock()))).toEqual(['app-missing']);
    expect(codes(build('person.created', 'jumpcloud', buildBlock()))).toEqual(['app-not-wanted']);
  });

  it.each([
    '{{jjump_cloud_user_id}',
    '{{jump_cloud_user_id}',
    '{{jjump_cloud_user_id}}',
    '{{#if}}',
    '{{a.constructor}}',
  ])('the malformed or unknown variable %s (P34)', (template) => {
    expect(codes(build('saas-user.deactivated', 'jumpcloud', userId(template)))).toEqual(['input-invalid']);
  });

  it('an input that the preset does not have, and a required one left empty', () => {
    const block = buildBlock({ inputs: { userId: ' ', stranger: 'x' } });
    expect(codes(build('saas-user.deactivated', 'jumpcloud', block))).toEqual(['input-invalid', 'input-invalid']);
  });

  it('variables of an account where a person starts the workflow', () => {
    expect(codes(build('person.deactivated', null, userId('{{vendor_id}}')))).toEqual(['input-invalid']);
  });

  it('a field that holds a value of the run, because no step would find it', () => {
    const faults = validateDefinition(build('person.deactivated', null, userId('{{seen_at}}{{seen_at}}')), around);
    expect(faults).toEqual([
      {
        block: 'delete',
        code: 'input-invalid',
        message: expect.stringMatching(/\{\{seen_at\}\} is mapped to a value of the run/),
      },
    ]);
    expect(codes(build('person.deactivated', null, userId('{{username}}')))).toEqual(['input-invalid']);
    // Here it is the name of the SaaS user, whatever fills the field of people.
    expect(codes(build('saas-user.deactivated', 'jumpcloud', userId('{{username}}')))).toEqual([]);
  });

  it('a destructive block that would hit one fixed user', () => {
    const block = userId('5f1b2c3d4e5f6a7b8c9d0e1f');
    expect(codes(build('saas-user.deactivated', 'jumpcloud', block))).toEqual(['target-is-fixed']);
  });

  it('a destructive block on another vendor that takes the id of the record (G6)', () => {
    const definition = (template: string) => build('saas-user.deactivated', 'lastpass', userId(template));
    expect(codes(definition('{{vendor_id}}'))).toEqual(['target-of-other-vendor']);
    expect(codes(definition('{{accounts.lastpass.id}}'))).toEqual(['target-of-other-vendor']);
    expect(codes(definition('{{accounts.unknown.id}}'))).toEqual(['input-invalid']);
  });

  it('nothing of the machinery of JavaScript as a connector', () => {
    expect(codes(build('person.created', null, buildBlock({ connector: 'constructor' })))).toContain(
      'connector-unknown',
    );
  });
});
