import { describe, expect, it } from '@jest/globals';
import { type ConnectorManifest } from '@rollcall/contracts';

import { type Connector, defineConnector } from './connector.js';

const manifest = {
  id: 'example',
  fields: [
    { path: 'mail', label: 'Mail', type: 'text' },
    { path: 'login', label: 'Login', type: 'text' },
  ],
  presets: [
    {
      messagePaths: ['errors[0].message'],
      rules: [
        { status: [404], field: { path: 'errors[0].code', equals: ['gone'] }, present: 'errors', outcome: 'refused' },
      ],
      confirmedWhen: { field: 'state["is-locked"]', equals: false },
    },
  ],
  rolePresets: [{ role: { origin: 'vendor', path: 'roles[0].name', fallback: null } }],
  defaultMapping: { entries: [{ to: 'email', from: { kind: 'field', path: 'mail', fallbackPath: 'login' } }] },
} as unknown as ConnectorManifest;

const define = (changes: Record<string, unknown>): Connector =>
  defineConnector({ manifest: { ...manifest, ...changes } } as unknown as Connector);
const [preset] = manifest.presets;

describe('defineConnector', () => {
  it('takes paths as a mapping writes them', () => {
    expect(() => define({})).not.toThrow();
  });

  it.each([
    ['a field', { fields: [...manifest.fields, { path: 'a..b', label: 'B', type: 'text' }] }],
    ['a message', { presets: [{ ...preset, messagePaths: ['errors[].message'] }] }],
    [
      'a rule',
      { presets: [{ ...preset, rules: [{ field: { path: 'errors[x].code', equals: [] }, outcome: 'done' }] }] },
    ],
    ['what must be present', { presets: [{ ...preset, rules: [{ present: 'a]', outcome: 'done' }] }] }],
    ['a confirmation', { presets: [{ ...preset, confirmedWhen: { field: '.a', equals: 'x' } }] }],
    ['a role', { rolePresets: [{ role: { origin: 'vendor', path: 'roles[', fallback: null } }] }],
  ])('refuses a path of %s that nothing could ever fit', (_what, changes) => {
    expect(() => define(changes)).toThrow(/^example: The path ".+" cannot be read/);
  });

  it.each(['path', 'fallbackPath'])('refuses a default mapping whose %s is no field', (name) => {
    const from = { kind: 'field', path: 'mail', [name]: 'nothing' };
    expect(() => define({ defaultMapping: { entries: [{ to: 'email', from }] } })).toThrow(
      /reads nothing, which is no/,
    );
  });
});
