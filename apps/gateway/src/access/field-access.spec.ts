import { describe, expect, it } from '@jest/globals';

import { mustBeAllowedFields } from './field-access.js';

const limit = { integrations: ['integration-1'], apps: [] };
const within = { rights: [{ scope: 'write' as const, limit }] };
const everywhere = { rights: [{ scope: 'write' as const, limit: null }] };
const field = { variable: 'shoe_size', label: 'Shoe size', type: 'text' };
const definition = { entries: [], syncKeys: [] };

describe('people fields that come with a mapping', () => {
  it('are made by nobody whose right has a limit', () => {
    const body = { definition, newFields: [field] };
    expect(() => mustBeAllowedFields('updateIntegrationMapping', within, body)).toThrow(
      /^Setting newFields needs the scope "write" for the whole installation/,
    );
    expect(() => mustBeAllowedFields('updateIntegrationMapping', everywhere, body)).not.toThrow();
  });

  it.each([{ definition }, { definition, newFields: [] }])(
    'keep nobody from changing a mapping without them: %j',
    (body) => {
      expect(() => mustBeAllowedFields('updateIntegrationMapping', within, body)).not.toThrow();
    },
  );

  it('are refused before anybody looks at what they are', () => {
    for (const newFields of [{}, null, 'shoe_size', [null]]) {
      expect(() => mustBeAllowedFields('updateIntegrationMapping', within, { newFields })).toThrow(/newFields/);
    }
  });

  it('can be tried within a limit, which makes none', () => {
    const body = { definition, newFields: [field] };
    expect(() => mustBeAllowedFields('evaluateIntegrationMapping', within, body)).not.toThrow();
  });
});
