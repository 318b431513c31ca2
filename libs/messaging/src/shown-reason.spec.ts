import { describe, expect, it } from '@jest/globals';
import { AppError } from '@rollcall/contracts';
import { MongoServerError } from 'mongodb';

import { shownReason } from './shown-reason.js';

describe('the reason that everybody may read', () => {
  it('is our own words', () => {
    expect(shownReason(new AppError('away', 'MongoDB is away.'))).toBe('MongoDB is away.');
    expect(shownReason(new Error('raw-records is not the topic I knew'))).toBe('raw-records is not the topic I knew');
  });

  it('is only the kind of what quotes values: a duplicate key, a parser, a defect', () => {
    const duplicate = new MongoServerError({
      message: 'E11000 duplicate key error dup key: { mail: "ada@example.org" }',
      code: 11000,
    });
    expect(shownReason(duplicate)).toBe('MongoServerError 11000; the log of the service has its text');
    for (const text of ['{"mail":"ada@example.org"', 'ada@example.org']) {
      try {
        JSON.parse(text);
        throw new Error('expected a fault');
      } catch (error) {
        expect(shownReason(error)).toBe('SyntaxError; the log of the service has its text');
      }
    }
    expect(shownReason(new TypeError('Converting circular structure to JSON'))).not.toContain('circular');
    expect(shownReason('ada@example.org')).not.toContain('ada');
  });
});
