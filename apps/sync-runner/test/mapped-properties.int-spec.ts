import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MappingDefinition } from '@rollcall/contracts';

import { entra } from './entra-world.js';
import { RunnerWorld } from './runner-world.js';

/** Two pages of 999. */
const users = 1_200;
const reading = (...paths: string[]): MappingDefinition => ({
  entries: [
    { to: 'email', from: { kind: 'field', path: 'mail' } },
    ...paths.map((path, index) => ({ to: `own_${index}`, from: { kind: 'field' as const, path } })),
  ],
  syncKeys: ['email'],
});

describe('a vendor that answers only what it is asked for by name', () => {
  let world: RunnerWorld;
  let number = 0;

  beforeAll(async () => {
    world = await RunnerWorld.create(users, entra);
    await world.startRunner();
  }, 90_000);

  afterEach(() => {
    world.simulator.control.clearFaults();
  });

  afterAll(async () => {
    await world.close();
  }, 60_000);

  async function integrationWith(definition: MappingDefinition, reads?: string[]): Promise<string> {
    number += 1;
    const id = `mapped-${number}`;
    await world.integration(id);
    await world.mapped(id, 2, definition, reads);
    return id;
  }

  /** Fields of the first user that was sent, and what START pinned. */
  async function sentOf(id: string) {
    const messages = (await world.sent(id)).map(({ message }) => message);
    const start = messages.find((message) => message.k === 'start');
    const records = messages.find((message) => message.k === 'records');
    return { pinned: start?.pinned.mappedProperties, raw: records?.u[0]?.raw ?? {} };
  }

  it('is asked for what the mapping reads, as mapping keeps it', async () => {
    const id = await integrationWith(reading(), ['country', 'mail', 'otherMails']);
    const run = await world.start(id);
    await world.map(run);
    expect((await world.ended(run)).state).toBe('completed');
    const { pinned, raw } = await sentOf(id);
    expect(pinned).toEqual(['country', 'mail', 'otherMails']);
    expect(Object.keys(raw)).toEqual(expect.arrayContaining(['country', 'otherMails', 'mail', 'department']));
  }, 60_000);

  it('is asked for the paths of a version from before mapping kept them', async () => {
    const id = await integrationWith(reading('onPremisesExtensionAttributes.extensionAttribute1', 'country'));
    const run = await world.start(id);
    await world.map(run);
    expect((await world.ended(run)).state).toBe('completed');
    const { pinned, raw } = await sentOf(id);
    expect(pinned).toEqual(['country', 'mail', 'onPremisesExtensionAttributes']);
    expect(Object.keys(raw)).toContain('onPremisesExtensionAttributes');
  }, 60_000);

  it('fails the run and names the property when it has none of that name', async () => {
    const id = await integrationWith(reading('badgeNumber'));
    const ended = await world.ended(await world.start(id));
    expect(ended).toMatchObject({ state: 'failed', reason: { code: 'vendor-refused' } });
    expect(ended.reason!.message).toContain('The mapping reads "badgeNumber"');
  }, 60_000);

  it('is read once more from its beginning when its page token has expired', async () => {
    const id = await integrationWith(reading());
    const body = JSON.stringify({ error: { code: 'Directory_ExpiredPageToken', message: 'It has expired.' } });
    world.simulator.control.addFaults([
      { vendor: 'entra', match: { operation: 'list', page: 2, times: 1 }, fault: { kind: 'body', status: 400, body } },
    ]);
    const run = await world.start(id);
    await world.map(run);
    expect(await world.ended(run)).toMatchObject({ state: 'completed', counts: { read: users }, refetches: 1 });
    const generations = (await world.sent(id))
      .filter(({ message }) => message.k === 'start')
      .map(({ message }) => message.g);
    expect(generations).toHaveLength(2);
    expect(generations[1]).toBeGreaterThan(generations[0]!);
    expect(await world.kinds(id)).not.toContain('sweep');
  }, 60_000);
});
