import { describe, expect, it } from '@jest/globals';
import type { MappingSource } from '@rollcall/contracts';

import { onlyTracked } from './known-variables.js';

const syncTime: MappingSource = { kind: 'tracking', name: 'sync-time' };
const credentialName: MappingSource = { kind: 'tracking', name: 'credential-name' };
const mapped = (sources: Record<string, MappingSource>) => ({
  entries: Object.entries(sources).map(([to, from]) => ({ to, from })),
});

describe('a field that only runs fill', () => {
  it('is one that no integration maps to anything else', () => {
    const first = mapped({ seen_at: syncTime, seen_by: credentialName, email: { kind: 'field', path: 'mail' } });
    expect([...onlyTracked([first])]).toEqual(['seen_at', 'seen_by']);
    const second = mapped({ seen_by: { kind: 'field', path: 'agent' }, seen_at: syncTime });
    expect([...onlyTracked([first, second])]).toEqual(['seen_at']);
    expect([...onlyTracked([second, first])]).toEqual(['seen_at']);
    expect([...onlyTracked([])]).toEqual([]);
  });
});
