import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ErasureSubject,
  type IntentDocument,
  intents,
  type WorkflowRunDocument,
  workflowRuns,
} from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

import { WorkflowTraces } from '../src/erasures/workflow-traces.js';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
  await environment.databases.ensure('workflow');
}, 60_000);
afterAll(async () => environment?.remove());

const subject: ErasureSubject = {
  people: ['person-1'],
  accounts: [{ from: 'acme:u7', to: 'acme:erased-1', integration: 'acme', vendorId: 'u7' }],
  names: ['canary@example.com'],
  values: ['Sales'],
};

describe('workflows that acted on an erased person', () => {
  it('keep that and when they acted, and forget on whom, also when they are asked a second time', async () => {
    const { databases } = environment;
    const run = (_id: string, of: string, message: string) =>
      ({ _id, subject: of, state: 'completed', steps: [{ id: 'one', message }], endedAt: 'then' }) as never;
    await databases
      .collection(workflowRuns)
      .insertMany([
        run('by-account', 'acme:u7', 'u7 of Sales is gone'),
        run('by-person', 'person-1', 'Canary@example.com is gone'),
        run('other', 'acme:u8', 'Somebody of Sales is gone'),
      ]);
    const target = { vendorId: 'u7', username: 'canary', email: 'canary@example.com', createdAtVendor: 'then' };
    const intent = (workflowRun: string, account: string) =>
      ({
        _id: `${workflowRun}/one`,
        workflowRun,
        state: 'done',
        target: { ...target, account },
        message: 'canary@example.com was deleted',
        attempts: [{ number: 1, outcome: 'done', message: 'canary@example.com' }],
      }) as unknown as IntentDocument;
    await databases.collection(intents).insertMany([intent('by-person', 'acme:u7')]);

    const traces = new WorkflowTraces(databases);
    await traces.erase(subject);
    const once = await databases.collection(workflowRuns).find().sort({ _id: 1 }).toArray();
    const calls = await databases.collection(intents).find().toArray();
    expect(JSON.stringify([once.filter(({ _id }) => _id !== 'other'), calls])).not.toMatch(/canary|u7|Sales/i);
    expect(once.map((one: WorkflowRunDocument) => [one._id, one.subject, one.endedAt])).toEqual([
      ['by-account', 'acme:erased-1', 'then'],
      ['by-person', 'person-1', 'then'],
      ['other', 'acme:u8', 'then'],
    ]);
    expect(once.at(-1)!.steps[0]!.message).toBe('Somebody of Sales is gone');
    expect(calls[0]).toMatchObject({
      state: 'done',
      target: { account: 'acme:erased-1', vendorId: 'erased-1', email: null },
    });

    await traces.erase(subject);
    expect(await databases.collection(workflowRuns).find().sort({ _id: 1 }).toArray()).toEqual(once);
  });
});
