import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowRecord } from '@rollcall/contracts';

import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

/** Right in form, and no organization of the vendor: whoever sends it is refused. */
const wrong = '000000000000000000000000';
const right = '5f1b2c3d4e5f6a7b8c9d0e1f';

let world: WorkflowWorld;
let deletion: WorkflowRecord;
beforeAll(async () => {
  world = await WorkflowWorld.create({ DESTRUCTIVE_PER_HOUR: '500', DESTRUCTIVE_DAILY_PERCENT: '100' });
  deletion = await world.activate(definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'delete-user')));
}, 90_000);
afterEach(() => world.removeIntegration('int-jumpcloud'));
afterAll(() => world.close(), 60_000);

async function deletedWith(orgId: string, workflow = deletion) {
  await world.integration('int-jumpcloud', { connector: 'jumpcloud', inputs: { orgId } });
  const { left, target } = await world.leaver('jumpcloud');
  const event = await world.publish('saas-user.deactivated', left, byHand);
  return { ended: await world.ended(event, workflow), effects: world.effects('jumpcloud', target.vendorId) };
}

describe('a vendor whose key sees several organizations', () => {
  it('is asked about the one that the integration of the account reads', async () => {
    const { ended, effects } = await deletedWith(wrong);
    expect(ended.steps[0]).toMatchObject({
      state: 'refused',
      attempts: 0,
      message: expect.stringMatching(/could not be read.*Organization not found/s),
    });
    expect(effects).toEqual([]);
  });

  it('is asked and acted on in one and the same', async () => {
    const { ended, effects } = await deletedWith(right);
    expect(ended.steps[0]).toMatchObject({ state: 'done', attempts: 1 });
    expect(effects).toEqual(['delete']);
  });

  it('is asked and acted on in the one that the block names, if it names one', async () => {
    const named = await world.activate(
      definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'delete-user', { orgId: right })),
    );
    await world.pause(deletion.id);
    const { ended, effects } = await deletedWith(wrong, named);
    expect(ended.steps[0]).toMatchObject({ state: 'done' });
    expect(effects).toEqual(['delete']);
    await world.pause(named.id);
  });

  it('is told by harmless steps too', async () => {
    const unlocking = await world.activate(
      definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'get-user')),
    );
    const { ended } = await deletedWith(wrong, unlocking);
    expect(ended.steps[0]).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/Organization not found/),
    });
    expect((await deletedWith(right, unlocking)).ended.steps[0]).toMatchObject({ state: 'done' });
  });
});
