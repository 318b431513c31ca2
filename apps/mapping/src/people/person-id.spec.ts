import { describe, expect, it } from '@jest/globals';

import { personIdOf } from './person-id.js';

const source = { account: 'acme:1', position: 'p07-0mb4c1x9zq3f/000000000812', at: 1_780_000_000_000 };

describe('the id of a new person', () => {
  it('is the same when the same message is applied again in another epoch', () => {
    const again = { ...source, position: 'p07-0mb4c1x9zzzz/000000000812' };
    expect(personIdOf(again)).toBe(personIdOf(source));
    expect(personIdOf({ ...source, position: 'p07/000000000812' })).toBe(personIdOf(source));
  });

  it('is another one for another account, message, topic or page', () => {
    const others = [
      { ...source, account: 'acme:2' },
      { ...source, position: 'p07-0mb4c1x9zq3f/000000000813' },
      { ...source, position: 'p07e1-0mb4c1x9zq3f/000000000812' },
      { ...source, at: source.at + 1 },
    ].map(personIdOf);
    expect(new Set([...others, personIdOf(source)]).size).toBe(5);
  });

  it('is a UUID that rises with time', () => {
    expect(personIdOf(source)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(personIdOf({ ...source, at: source.at + 1 }) > personIdOf(source)).toBe(true);
  });
});
