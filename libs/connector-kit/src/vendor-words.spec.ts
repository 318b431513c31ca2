import { describe, expect, it } from '@jest/globals';

import { refusedAnswer, unexpectedAnswer, vendorWords } from './vendor-words.js';

const read = (body: Record<string, unknown>) => body['message'] ?? null;

describe('the words of a vendor', () => {
  it('are read from its own form of an error', () => {
    expect(vendorWords('{"message":"No such user"}', read)).toBe('No such user');
  });

  it.each(['', '<html>Bad gateway</html>', '["message"]', '"message"', 'null', '{"message":'])(
    'are none in %j, which is no JSON object',
    (text) => {
      expect(vendorWords(text, read)).toBeNull();
    },
  );

  it('do not hide a defect in how they are read', () => {
    const fails = () => {
      throw new TypeError('defect');
    };
    expect(() => vendorWords('{}', fails)).toThrow('defect');
  });
});

describe('the reason for an answer that cannot be used', () => {
  it('names vendor and what was answered', () => {
    const error = unexpectedAnswer('Acme', 'something else than a list');
    expect(error).toMatchObject({
      code: 'vendor-answer-unexpected',
      message: 'Acme answered something else than a list.',
    });
  });

  it('hands on why the vendor refused, cut where nobody reads on', () => {
    const { message } = refusedAnswer('Acme', { status: 400 }, { message: 'x'.repeat(900) });
    expect(message).toBe(`Acme refused the request with status 400: "${'x'.repeat(300)}".`);
  });

  it('names the status alone when the vendor has no words, and adds what is known beside them', () => {
    const hint = 'Correct that path.';
    const error = refusedAnswer('Acme', { status: 409 }, {}, { hint, details: { code: 'taken' } });
    expect(error).toMatchObject({
      code: 'vendor-refused',
      message: 'Acme refused the request with status 409. Correct that path.',
      details: { status: 409, code: 'taken' },
    });
  });
});
