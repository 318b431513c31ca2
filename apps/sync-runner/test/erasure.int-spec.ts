import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ErasureSubject, type HeldPlanDocument, heldPlans, runs } from '@rollcall/collections';
import { buildRun, buildVerdict, TestEnvironment } from '@rollcall/testing';

import { RunTraces } from '../src/erasures/run-traces.js';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
  await environment.databases.ensure('sync-runner');
}, 60_000);
afterAll(async () => environment?.remove());

const subject: ErasureSubject = {
  people: ['person-1'],
  accounts: [{ from: 'acme:7', to: 'acme:erased-1', integration: 'acme', vendorId: '7' }],
  names: ['canary@example.com'],
  values: [],
};

describe('runs that met an erased person', () => {
  it('name them nowhere, and a user of another integration with the same id is left', async () => {
    const { databases } = environment;
    const problem = { code: 'x', message: 'Somebody is odd.', count: 2, samples: ['7', '8'] };
    const met = {
      problems: [problem],
      verdict: buildVerdict({ samples: ['canary@example.com', 'other@example.com'], refuted: ['acme:7'] }),
      subject: { vendorId: '7', username: 'canary@example.com', steps: [] },
    };
    await databases
      .collection(runs)
      .insertMany([
        buildRun({ _id: 'acme-1', integration: 'acme', ...met }),
        buildRun({ _id: 'other-1', integration: 'other', problems: [problem] }),
      ]);
    const plan = { _id: 'acme-1', integration: 'acme', state: 'rejected', samples: ['canary@example.com'] };
    await databases.collection(heldPlans).insertOne(plan as HeldPlanDocument);
    await new RunTraces(databases).erase(subject);
    const [own, other] = await databases.collection(runs).find().sort({ _id: 1 }).toArray();
    expect(own).toMatchObject({
      problems: [{ ...problem, samples: ['erased-1', '8'] }],
      verdict: { samples: ['[erased]', 'other@example.com'], refuted: ['acme:erased-1'] },
      subject: { vendorId: 'erased-1', username: '[erased]' },
    });
    expect(other!.problems).toEqual([problem]);
    expect(await databases.collection(heldPlans).findOne()).toMatchObject({ samples: ['[erased]'] });
  });
});
