import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fields } from '@rollcall/collections';
import { createIntegration, launchIntegration } from '@rollcall/contracts';

import { credentialId, RunnerWorld } from './runner-world.js';

let world: RunnerWorld;

beforeAll(async () => {
  world = await RunnerWorld.create(40);
  await world.startRunner();
}, 90_000);

afterAll(async () => {
  await world.close();
}, 60_000);

const mark = (required: boolean) =>
  world.databases.collection(fields).updateOne(
    { _id: 'cost_centre' },
    {
      $set: {
        variable: 'cost_centre',
        label: 'Cost centre',
        type: 'short-text',
        unique: false,
        builtIn: false,
        required,
      },
    },
    { upsert: true },
  );
const run = async (integration: string) => {
  const id = await world.start(integration);
  await world.map(id);
  return world.ended(id);
};

it('a field that became required after a mapping was saved is named by its runs, which read on', async () => {
  await mark(false);
  await world.integration('before');
  expect(await run('before')).toMatchObject({ state: 'completed', problems: [] });
  await mark(true);
  const ended = await run('before');
  expect(ended).toMatchObject({
    state: 'completed-with-errors',
    counts: { read: 40 },
    problems: [{ code: 'required-field-unmapped', count: 40 }],
  });
  expect(ended.problems[0]!.message).toMatch(/Cost centre is required, and the mapping, which was saved before/);
}, 60_000);

it('such a field keeps an integration from being launched until it is mapped or required no more', async () => {
  await mark(true);
  const input = { id: 'after', connector: 'lastpass', load: null, name: 'After', credential: credentialId };
  await world.send(createIntegration, 'after', input);
  await world.register('after');
  const launch = () => world.send(launchIntegration, 'after', { id: 'after' });
  await expect(launch()).rejects.toThrow(/integration-not-ready.*Cost centre is required/);
  await mark(false);
  expect(await launch()).toMatchObject({ integration: { state: 'active' } });
}, 60_000);
