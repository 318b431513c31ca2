import { describe, expect, it } from '@jest/globals';
import type { Cause } from '@rollcall/contracts';

import { type CauseNames, causeText, stepKey } from './cause-text.js';

const names: CauseNames = {
  integrations: new Map([['int-1', 'JumpCloud users']]),
  runs: new Map([['run-1', { integrationName: 'JumpCloud', at: '2026-11-20T18:30:00.000Z' }]]),
  plans: new Map([['plan-1', 'The integration "Lever" does not count any more.']]),
  steps: new Map([[stepKey('wr-1', 'take-away'), { workflow: 'Offboarding', preset: 'delete-user' }]]),
  actors: new Map([['api-key:1', 'Iris Operator']]),
};
const none: CauseNames = {
  integrations: new Map(),
  runs: new Map(),
  plans: new Map(),
  steps: new Map(),
  actors: new Map(),
};

const ofRun = { run: 'run-1', integration: 'int-1' };
const run = { kind: 'run', ...ofRun, initial: false } as const;
const missing = { kind: 'sweep', ...ofRun, line: 'missing', initial: false } as const;
const inactive = { ...missing, line: 'inactive' } as const;

describe('why a record changed, in words', () => {
  it.each<[string, 'account' | 'person', string | null, Cause, string]>([
    [
      'an account that a complete list did not hold',
      'account',
      'saas-user.deactivated',
      missing,
      'The run of "JumpCloud users" of 20 November 2026, 18:30 UTC read the complete list of the vendor, and the account was not in it any more.',
    ],
    [
      'a person whose last account the vendor made inactive',
      'person',
      'person.deactivated',
      inactive,
      'The run of "JumpCloud users" of 20 November 2026, 18:30 UTC read that the account is not active at the vendor any more. No other account keeps this person active.',
    ],
    [
      'values that were read',
      'person',
      'person.updated',
      run,
      'The run of "JumpCloud users" of 20 November 2026, 18:30 UTC read other values for an account of this person.',
    ],
    [
      'a decision by hand',
      'account',
      null,
      { kind: 'command', command: 'c', actor: 'api-key:1' },
      'Iris Operator did this by hand.',
    ],
    [
      'a step of a workflow',
      'account',
      'saas-user.deactivated',
      { kind: 'observation', command: 'c', workflowRun: 'wr-1', step: 'take-away' },
      'The workflow "Offboarding" did this at the vendor (step "take-away", delete-user).',
    ],
    [
      'a plan for people',
      'person',
      'person.deactivated',
      { kind: 'people-plan', plan: 'plan-1', from: 'settings', initial: false },
      'No account keeps this person active any more, since this was changed: The integration "Lever" does not count any more.',
    ],
  ])('names %s', (_what, kind, event, cause, expected) => {
    expect(causeText({ kind, event, cause }, names)).toBe(expected);
  });

  it.each<Cause>([
    run,
    missing,
    { kind: 'undo', ...ofRun },
    { kind: 'command', command: 'c', actor: 'api-key:1' },
    { kind: 'observation', command: 'c', workflowRun: 'wr-1', step: 'take-away' },
    { kind: 'retirement', integration: 'int-1', actor: 'api-key:1' },
    { kind: 'refold', version: 3 },
    { kind: 'people-plan', plan: 'plan-1', from: 'run', initial: false },
    { kind: 'people-plan-undo', plan: 'plan-1' },
  ])('is a sentence for %j too when nothing that it names is stored any more', (cause) => {
    for (const kind of ['account', 'person'] as const) {
      const text = causeText({ kind, event: null, cause }, none);
      expect(text).toMatch(/^\S.*\.$/);
      expect(text).not.toMatch(/undefined|\[object/);
    }
  });
});
