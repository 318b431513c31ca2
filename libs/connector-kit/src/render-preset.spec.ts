import { describe, expect, it } from '@jest/globals';
import { type Preset } from '@rollcall/contracts';
import fc from 'fast-check';

import { presetProblems, renderPreset } from './render-preset.js';
import { TemplateError } from './template.js';
import { joinVendorUrl } from './vendor-url.js';

const preset = (overrides: Partial<Preset> = {}): Preset => ({
  id: 'unlock',
  name: 'Unlock',
  description: '',
  documentation: 'https://vendor.example/docs',
  effect: 'unlock',
  method: 'POST',
  path: '/users/{{id}}/unlock?reason={{reason}}&full=1',
  headers: { 'x-org-id': '{{org}}', 'x-fixed': 'yes' },
  body: { user: { name: '{{name}}', tags: ['{{name}}', 3, null, true] }, note: 'for {{name}} {{reason}}' },
  inputs: [
    { name: 'id', label: 'Id', required: true, default: '{{vendor_id}}' },
    { name: 'name', label: 'Name', required: true, default: '{{display_name}}' },
    { name: 'org', label: 'Organization', required: false, default: null },
    { name: 'reason', label: 'Reason', required: false, default: null },
  ],
  messagePaths: [],
  rules: [{ status: [200], outcome: 'done' }],
  confirmedWhen: null,
  ...overrides,
});
const variables = { vendor_id: '42', display_name: 'Ada "Äda" {{secret}}' };

function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return (error as TemplateError).code;
  }
  return 'no error';
}

describe('renderPreset', () => {
  it('fills path, query, headers and body by their defaults and leaves out what is optional and empty', () => {
    const name = 'Ada "Äda" {{secret}}';
    expect(renderPreset(preset(), {}, variables)).toEqual({
      method: 'POST',
      path: '/users/42/unlock',
      query: { full: '1' },
      headers: { 'x-fixed': 'yes' },
      json: { user: { name, tags: [name, 3, null, true] } },
      digest: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it("prefers the block's inputs and accepts literals", () => {
    const call = renderPreset(preset(), { id: 'a b', org: 'o1', reason: 'r&d=1' }, variables);
    expect(call.path).toBe('/users/a%20b/unlock');
    expect(call.query).toEqual({ reason: 'r&d=1', full: '1' });
    expect(call.headers['x-org-id']).toBe('o1');
    expect(call.json).toMatchObject({ note: `for ${variables.display_name} r&d=1` });
  });

  it('has one digest per request and another for any other', () => {
    const first = renderPreset(preset(), {}, variables).digest;
    expect(renderPreset(preset(), {}, variables).digest).toBe(first);
    expect(renderPreset(preset(), { id: '43' }, variables).digest).not.toBe(first);
  });

  it.each([
    ['a required value is missing', {}, { display_name: 'x' }, 'template-value-missing'],
    ['a required input was emptied', { id: ' ' }, variables, 'template-value-missing'],
    ['the id steps upwards (N5)', { id: '..' }, variables, 'template-value-refused'],
    ['the id is a dot', { id: '.' }, variables, 'template-value-refused'],
    ['the id holds a slash', { id: 'a/b' }, variables, 'template-value-refused'],
    ['the id holds a NUL', { id: 'a\u0000' }, variables, 'template-value-refused'],
    ['the id is half a character', { id: '\ud800' }, variables, 'template-value-refused'],
    ['a header would be split', { org: 'a\r\nx-evil: 1' }, variables, 'template-value-refused'],
  ])('refuses the step when %s', (_, inputs, values, expected) => {
    expect(code(() => renderPreset(preset(), inputs, values))).toBe(expected);
  });

  it('never moves the request: origin, segments and decoded id stay, or the step is refused (P34)', () => {
    const hostile = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '../..',
      '..%2f',
      '?x=1',
      '#',
      '\\',
      '//evil',
      '@',
      '{{x}}',
      '\r\n',
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      hostile,
      fc.tuple(fc.string(), hostile).map((two) => two.join('')),
    );
    let sent = 0;
    fc.assert(
      fc.property(value, (id) => {
        let call;
        try {
          call = renderPreset(preset(), {}, { vendor_id: id, display_name: id });
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          return;
        }
        sent += 1;
        const url = new URL(joinVendorUrl('https://vendor.example/api', call.path, call.query));
        const segments = url.pathname.split('/');
        expect(url.origin).toBe('https://vendor.example');
        expect(segments).toHaveLength(5);
        expect(decodeURIComponent(segments[3] ?? '')).toBe(id);
        expect([segments[4], url.search, url.hash]).toEqual(['unlock', '?full=1', '']);
        expect(JSON.parse(JSON.stringify(call.json))).toMatchObject({ user: { name: id } });
      }),
      { numRuns: 5000 },
    );
    expect(sent).toBeGreaterThan(1000);
  });
});

describe('presetProblems', () => {
  const isKnown = (name: string): boolean => name in variables;

  it('finds nothing wrong with a sound preset', () => {
    expect(presetProblems(preset(), { reason: 'leaver {{vendor_id}}' }, isKnown)).toEqual([]);
  });

  it('lists every fault in one go (R104)', () => {
    const broken = preset({
      path: '/users/{{id}',
      headers: { 'x y': '{{nope}}' },
      body: { '{{name}}': 'x' },
    });
    const problems = presetProblems(broken, { id: '', extra: 'x', org: '{{missing}}' }, isKnown);
    expect(problems).toHaveLength(7);
    expect(problems.join('\n')).toContain('There is no variable {{missing}}');
  });
});
