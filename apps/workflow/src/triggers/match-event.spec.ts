import { describe, expect, it } from '@jest/globals';
import type { WorkflowVersionDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';

import { startsWorkflow, type TriggeringEvent } from './match-event.js';

const publishedAt = new Date('2026-11-21T10:00:00.000Z');
const buildVersion = (
  overrides: Partial<WorkflowVersionDocument> = {},
  includeInitial = false,
): WorkflowVersionDocument => ({
  _id: 'w/1',
  workflow: 'w',
  version: 1,
  name: 'W',
  definition: { begin: { trigger: 'saas-user.created', app: 'app', includeInitial }, blocks: [] },
  publishedAt,
  ...overrides,
});
const run = (initial: boolean): Cause => ({ kind: 'run', run: 'r', integration: 'i', initial });
const sweep = (initial: boolean): Cause => ({ kind: 'sweep', run: 'r', integration: 'i', line: 'missing', initial });
const plan = (from: 'settings' | 'retirement' | 'run', initial = false): Cause => ({
  kind: 'people-plan',
  plan: 'p',
  from,
  initial,
});
const buildEvent = (overrides: Partial<TriggeringEvent> = {}): TriggeringEvent => ({
  time: '2026-11-21T10:00:00.000Z',
  app: 'app',
  cause: run(false),
  ...overrides,
});

describe('an event starts a workflow', () => {
  it('of its app, from the instant of activation on', () => {
    const retirement = { kind: 'retirement' as const, integration: 'acme', actor: 'ada' };
    expect(startsWorkflow(buildVersion(), buildEvent({ cause: retirement }))).toBe(false);
    expect(startsWorkflow(buildVersion(), buildEvent({ cause: plan('retirement') }))).toBe(false);
    expect(startsWorkflow(buildVersion(), buildEvent({ cause: plan('settings') }))).toBe(true);
    const undo = { kind: 'undo' as const, run: 'r', integration: 'i' };
    expect(startsWorkflow(buildVersion(), buildEvent({ cause: undo }))).toBe(false);
    expect(startsWorkflow(buildVersion(), buildEvent())).toBe(true);
    expect(startsWorkflow(buildVersion(), buildEvent({ time: '2026-11-21T09:59:59.999Z' }))).toBe(false);
    expect(startsWorkflow(buildVersion(), buildEvent({ app: 'other' }))).toBe(false);
  });

  it('that was active already under an older version', () => {
    const version = buildVersion({ activeSince: new Date('2026-11-21T09:00:00.000Z') });
    expect(startsWorkflow(version, buildEvent({ time: '2026-11-21T09:30:00.000Z' }))).toBe(true);
  });

  it.each([run(true), sweep(true), plan('run', true)])(
    'never before the first completed run, unless the workflow wants it',
    (cause) => {
      expect(startsWorkflow(buildVersion(), buildEvent({ cause }))).toBe(false);
      expect(startsWorkflow(buildVersion({}, true), buildEvent({ cause }))).toBe(true);
    },
  );
});
