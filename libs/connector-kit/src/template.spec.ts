import { describe, expect, it } from '@jest/globals';

import { checkTemplate, fillTemplate, TemplateError } from './template.js';

function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return (error as TemplateError).code;
  }
  return 'no error';
}

describe('checkTemplate', () => {
  it('lists the names, each once', () => {
    expect(checkTemplate('a {{email}} {b} ${c} {{ accounts.jc-eu.id }} {{email}}')).toEqual([
      'email',
      'accounts.jc-eu.id',
    ]);
  });

  it.each([
    '{{jump_cloud_user_id}',
    '{{jjump_cloud_user_id} and {{email}}',
    '{jump_cloud_user_id}}',
    '{{',
    '}}',
    '{{}}',
    '{{ }}',
    '{{#if a}}',
    '{{a b}}',
    '{{a|upper}}',
    "{{a['b']}}",
    '{{a.}}',
    '{{.a}}',
    '{{a..b}}',
    '{{1a}}',
    '{{{a}}}',
    '{{a.b.constructor}}',
    '{{__proto__}}',
    '{{prototype.x}}',
    '{{a.b.c.d.e.f.g.h.i}}',
    `{{${'a'.repeat(65)}}}`,
    'x'.repeat(20_001),
  ])('refuses %s at save (P34)', (template) => {
    expect(code(() => checkTemplate(template))).toBe('template-malformed');
  });

  it('names a variable that cannot exist', () => {
    const isKnown = (name: string): boolean => name === 'email';
    expect(checkTemplate('{{email}}', isKnown)).toEqual(['email']);
    expect(code(() => checkTemplate('{{emial}}', isKnown))).toBe('template-unknown-variable');
  });
});

describe('fillTemplate', () => {
  const variables = {
    email: 'a@example.com',
    n: 7,
    yes: false,
    deep: { er: { id: 'x1' } },
    empty: '',
    blank: ' ',
    invisible: '\u200b',
    none: null,
  };

  it('looks names up through own properties', () => {
    expect(fillTemplate('{{email}}-{{n}}-{{yes}}-{{deep.er.id}}', variables)).toBe('a@example.com-7-false-x1');
  });

  it.each([
    'empty',
    'blank',
    'invisible',
    'none',
    'missing',
    'deep',
    'deep.er',
    'deep.missing.id',
    'toString',
    'email.length',
  ])('refuses {{%s}}, which has no value of its own', (name) =>
    expect(code(() => fillTemplate(`{{${name}}}`, variables))).toBe('template-value-missing'),
  );

  it('reads values once only', () => {
    expect(fillTemplate('{{a}}{{b}}', { a: '{{b', b: '}}{{secret}}' })).toBe('{{b}}{{secret}}');
  });

  it('refuses a value of megabytes without repeating it', () => {
    expect(code(() => fillTemplate('{{a}}', { a: 'x'.repeat(10_000_000) }))).toBe('template-value-refused');
  });
});
