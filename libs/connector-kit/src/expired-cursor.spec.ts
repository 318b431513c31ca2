import { describe, expect, it } from '@jest/globals';

import { expiredCursor } from './expired-cursor.js';
import { isWorthRefetching } from './read-all-users.js';

const words = { codes: ['Directory_ExpiredPageToken'], message: /invalid offset token/i };
const asked = (status: number, said: { code?: string | null; message?: string | null }) =>
  expiredCursor('Example', { status }, said, words);

describe('a refused page', () => {
  it.each([
    [400, { code: 'Directory_ExpiredPageToken' }],
    [400, { code: 'directory_expiredpagetoken', message: 'The token has expired.' }],
    [422, { code: null, message: 'Invalid Offset Token: abc' }],
    [410, {}],
    [410, { code: 'Gone', message: 'whatever' }],
  ])('with status %d and %j means that the listing must be read again', (status, said) => {
    const error = asked(status, said);
    expect(error).toMatchObject({ code: 'read-cursor-expired', retriable: true, details: { status } });
    expect(isWorthRefetching(error)).toBe(true);
  });

  it.each([
    [400, { code: 'BadRequest', message: 'Invalid filter clause' }],
    [400, {}],
    [404, { code: null, message: null }],
  ])('with status %d and %j is another refusal', (status, said) => {
    expect(asked(status, said)).toBeNull();
  });
});
