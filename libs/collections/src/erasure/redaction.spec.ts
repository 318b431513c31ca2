import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { ErasureSubject } from '../mapping/erasures.js';
import { Redaction } from './redaction.js';

const buildSubject = (overrides: Partial<ErasureSubject> = {}): ErasureSubject => ({
  people: ['person-1'],
  accounts: [{ from: 'acme:42', to: 'acme:erased-1', integration: 'acme', vendorId: '42' }],
  names: ['ada@example.com', 'Ada Moreau', 'Al'],
  values: ['Sales', 'Lead'],
  ...overrides,
});
const redaction = new Redaction(buildSubject(), 'acme');

describe('a person taken out of documents', () => {
  it('is not named in any text, whatever its case, and no longer word is touched', () => {
    const text = 'ADA@example.com and Ada Moreau, not Ada Moreaux or xada@example.com or Aladdin';
    expect(redaction.of({ text })).toEqual({
      text: '[erased] and [erased], not Ada Moreaux or xada@example.com or Aladdin',
    });
    expect(redaction.of(['Al', 'Ali'])).toEqual(['[erased]', 'Ali']);
  });

  it('loses what others have too only in what is about them', () => {
    const problems = [
      { id: '42', message: 'Sales is no number of 42' },
      { id: '43', message: 'Sales is no number' },
      { samples: ['7', '42'], message: 'Lead and Sales' },
      { account: 'acme:42', message: 'Lead' },
      { subject: 'person-1', steps: [{ message: 'title Lead' }] },
    ];
    expect(redaction.of(problems)).toEqual([
      { id: 'erased-1', message: '[erased] is no number of erased-1' },
      { id: '43', message: 'Sales is no number' },
      { samples: ['7', 'erased-1'], message: '[erased] and [erased]' },
      { account: 'acme:erased-1', message: '[erased]' },
      { subject: 'person-1', steps: [{ message: 'title [erased]' }] },
    ]);
  });

  it('keeps vendor ids of other integrations, contacts, and values that are no text', () => {
    const at = new Date();
    const document = { id: '42', at, count: 42, contact: { email: 'ada@example.com' }, none: null };
    expect(redaction.of({ to: { email: 'ada@example.com' } })).toEqual({ to: { email: 'ada@example.com' } });
    expect(redaction.of({ from: null, to: 'ada@example.com' })).toEqual({ from: null, to: '[erased]' });
    expect(new Redaction(buildSubject(), 'other').of(document)).toBe(document);
    expect(new Redaction(buildSubject()).of('see acme:42.')).toBe('see acme:erased-1.');
  });

  it('leaves no name anywhere, whatever characters it has, and the very same object where there is none', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(name, fc.jsonValue(), (text, other) => {
        const subject = buildSubject({ names: [text], values: [] });
        const redacted = new Redaction(subject).of({ whole: text, inside: `<${text}> and (${text})`, deep: [[text]] });
        expect(redacted).toEqual({ whole: '[erased]', inside: '<[erased]> and ([erased])', deep: [['[erased]']] });
        const document = { other };
        if (!JSON.stringify(other).toLowerCase().includes('~~')) {
          expect(
            new Redaction(buildSubject({ names: ['~~nobody~~'], values: [], people: ['~~'], accounts: [] })).of(
              document,
            ),
          ).toBe(document);
        }
      }),
      { numRuns: 500 },
    );
  });
});
