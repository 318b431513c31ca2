import { describe, expect, it } from '@jest/globals';

import { describeRestarts } from './process-table.js';

const now = Date.parse('2026-01-01T00:10:00Z');
const restarts = { times: 3, endedAt: '2026-01-01T00:05:00Z', lastLine: '00:05:00 error  no memory', nextAt: null };

describe('what status says of restarts', () => {
  it('is how often, when and why', () => {
    expect(describeRestarts({ mapping: restarts, gateway: { ...restarts, times: 1 } }, now)).toEqual([
      'mapping ended 5 min ago and was started again 3 times since the supervisor watches. Its last line then: 00:05:00 error  no memory',
      'gateway ended 5 min ago and was started again once since the supervisor watches. Its last line then: 00:05:00 error  no memory',
    ]);
  });

  it('is when the next start comes, while it waits', () => {
    const [line] = describeRestarts({ mapping: { ...restarts, times: 0, nextAt: '2026-01-01T00:10:30Z' } }, now);
    expect(line).toBe('mapping ended 5 min ago, next start in 30 s. Its last line then: 00:05:00 error  no memory');
  });

  it('is nothing where nothing ended', () => {
    expect(describeRestarts({}, now)).toEqual([]);
  });
});
