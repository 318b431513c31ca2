import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IntentDocument, intents, type WorkflowRunDocument, workflowRuns } from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

import type { WorkflowConfig } from '../src/config.js';
import { WorkflowRetention } from '../src/retention/workflow-retention.js';

const dayMs = 24 * 60 * 60_000;
const old = '2026-01-01T00:00:00.000Z';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
  await environment.databases.ensure('workflow');
}, 60_000);
afterAll(async () => environment?.remove());

describe('workflow runs of long ago', () => {
  it('are deleted with the calls that they made, and stay while a call of theirs is not settled', async () => {
    const { databases } = environment;
    const run = (_id: string, state: WorkflowRunDocument['state'], endedAt: string | null) =>
      ({ _id, state, endedAt, workflow: 'w', subject: 's' }) as WorkflowRunDocument;
    const intent = (workflowRun: string, state: IntentDocument['state']) =>
      ({ _id: `${workflowRun}/one`, workflowRun, state }) as IntentDocument;
    await databases
      .collection(workflowRuns)
      .insertMany([
        run('done', 'completed', old),
        run('failed', 'failed', old),
        run('doubtful', 'failed', old),
        run('waiting', 'waiting', null),
        run('recent', 'completed', '2027-01-01T00:00:00.000Z'),
      ]);
    await databases
      .collection(intents)
      .insertMany([
        intent('done', 'done'),
        intent('failed', 'refused'),
        intent('doubtful', 'unknown'),
        intent('recent', 'done'),
      ]);
    const config = { RETENTION_WORKFLOW_RUNS_DAYS: 100 } as WorkflowConfig;
    const { deleteBefore } = new WorkflowRetention(databases, config).rules[0]!;
    const before = new Date(Date.parse(old) + dayMs);
    expect(await deleteBefore(before, 10)).toBe(2);
    expect(await deleteBefore(before, 10)).toBe(0);
    expect((await databases.collection(workflowRuns).distinct('_id')).sort()).toEqual([
      'doubtful',
      'recent',
      'waiting',
    ]);
    expect((await databases.collection(intents).distinct('workflowRun')).sort()).toEqual(['doubtful', 'recent']);
  });
});
