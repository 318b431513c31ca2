import { describe, expect, it } from '@jest/globals';
import type { RunRecord } from '@rollcall/contracts';

import { runTable } from './run-table.js';

const counts = {
  ...{ read: 1234, created: 1234, updated: 1234, unchanged: 1234, outdated: 0, skipped: 0 },
  ...{ rejected: 12, staged: 12, deactivated: 12, reactivated: 12, stale: 0 },
};
const run = (overrides: Partial<RunRecord>): RunRecord =>
  ({ state: 'completed', counts, problems: [], ...overrides }) as unknown as RunRecord;

describe('the table of runs', () => {
  it('fits a terminal of 80 columns, with remarks of any length', () => {
    const problems = [{ count: 3, message: 'The same person already has another account there. '.repeat(4) }];
    const lines = runTable([
      { name: 'Microsoft Entra ID', run: run({}) },
      { name: 'Ironclad Clickwrap', run: run({ state: 'failed', counts: null, problems } as never) },
    ]).flatMap((text) => text.split('\n'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain('! Ironclad Clickwrap: the run is failed.');
    expect(lines.join('\n')).toContain('! Ironclad Clickwrap: 3 ×');
  });
});
