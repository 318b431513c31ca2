import { describe, expect, it } from '@jest/globals';
import { stepStateSchema } from '@rollcall/contracts';
import fc from 'fast-check';

import { buildRun } from '../../test/build-records.js';
import { afterStepEnded, currentStep, type EndedState, isStepEnded, whileStepWaits } from './workflow-run-record.js';

const now = new Date('2026-11-21T11:00:00.000Z');
const end = (state: EndedState) => ({ state, message: null, attempts: 1 });

describe('a workflow run', () => {
  it('goes on with the next step, and is completed with the last', () => {
    const half = afterStepEnded(buildRun(), 0, end('done'), now);
    expect(half).toMatchObject({ state: 'running', endedAt: null, dueAt: now });
    expect(currentStep(half)).toBe(1);
    expect(afterStepEnded(half, 1, end('skipped'), now)).toMatchObject({
      state: 'completed',
      endedAt: now.toISOString(),
      dueAt: null,
    });
  });

  it.each(['refused', 'unknown'] as const)('fails with a step that is %s, and runs none of the others', (state) => {
    const failed = afterStepEnded(buildRun(), 0, end(state), now);
    expect(failed).toMatchObject({ state: 'failed', steps: [{ state }, { state: 'skipped' }], dueAt: null });
  });

  it('waits in the open for what people are told of, and silently for a retry', () => {
    const wait = { until: now, message: 'Waits.', attempts: 2 };
    expect(whileStepWaits(buildRun(), 0, { ...wait, announce: true })).toMatchObject({ state: 'waiting', dueAt: now });
    expect(whileStepWaits(buildRun(), 0, { ...wait, announce: false })).toMatchObject({
      state: 'running',
      steps: [{ state: 'waiting', attempts: 2 }, {}],
    });
  });

  it('ends exactly when its last step ends, in whatever way the steps do', () => {
    const ends = fc.constantFrom(...stepStateSchema.options.filter(isStepEnded)) as fc.Arbitrary<EndedState>;
    fc.assert(
      fc.property(ends, ends, (first, second) => {
        let run = buildRun();
        for (const state of [first, second]) {
          if (currentStep(run) !== -1) run = afterStepEnded(run, currentStep(run), end(state), now);
        }
        expect(currentStep(run)).toBe(-1);
        expect(run.dueAt).toBeNull();
        const failed = run.steps.some(({ state }) => state === 'refused' || state === 'unknown');
        expect(run.state).toBe(failed ? 'failed' : 'completed');
      }),
    );
  });
});
