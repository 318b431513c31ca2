import { describe, expect, it } from '@jest/globals';

import { curlLine } from './curl-line.js';

describe('a line to paste into a shell', () => {
  it('quotes what a shell would read as a pattern, and paths with spaces', () => {
    expect(curlLine('http://127.0.0.1:3000/api/v1/people?limit=3', '.rollcall/keys/api-key')).toBe(
      `curl -H "Authorization: Bearer $(cat .rollcall/keys/api-key)" 'http://127.0.0.1:3000/api/v1/people?limit=3'`,
    );
    expect(curlLine('http://127.0.0.1:3000/api/v1/people', 'roll call/api-key')).toBe(
      `curl -H "Authorization: Bearer $(cat 'roll call/api-key')" http://127.0.0.1:3000/api/v1/people`,
    );
  });
});
