import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rawRecordsTopic } from '@rollcall/contracts';
import kafkajs from 'kafkajs';

import { RunnerWorld } from './runner-world.js';

let world: RunnerWorld;

beforeAll(async () => {
  world = await RunnerWorld.create(600);
  await world.startRunner();
}, 90_000);

afterAll(async () => {
  await world.close();
}, 60_000);

async function limit(bytes: number): Promise<void> {
  const name = world.environment.kafka.nameOf(rawRecordsTopic.name);
  const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
  await world.environment.kafka.withAdmin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }],
    }),
  );
}

it('a run whose page the topic does not take fails once, naming topic, size, limit and cure, and runs after the cure', async () => {
  await world.integration('small');
  await limit(10_000);
  const ended = await world.ended(await world.start('small'));
  expect(ended).toMatchObject({ state: 'failed', lostHolders: 0, reason: { code: 'batch-too-large' } });
  expect(ended.reason!.message).toMatch(
    /refused \d+ bytes for topic .*raw-records.*: it takes 10000 at once.*max\.message\.bytes of the topic/,
  );
  expect((await world.kinds('small')).at(-1)).toBe('abort');
  await limit(8 * 1024 * 1024);
  const again = await world.start('small');
  await world.map(again);
  expect(await world.ended(again)).toMatchObject({ state: 'completed', counts: { read: 600 } });
}, 60_000);
