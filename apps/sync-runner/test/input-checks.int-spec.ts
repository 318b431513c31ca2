import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createIntegration, launchIntegration, updateIntegration } from '@rollcall/contracts';

import { entra } from './entra-world.js';
import { credentialId, RunnerWorld } from './runner-world.js';

const load = 'users-with-filtering';
/** As the requirement R58 writes it. */
const example = "employeeType in ('Admin', 'Staff', 'Faculty', 'Contingent Workers', 'EmpStudent')";
const users = 60;

describe('inputs that the vendor judges are tried before they are saved (R59)', () => {
  let world: RunnerWorld;

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

  const lists = () =>
    world.simulator.control.ledger().filter((entry) => entry.kind === 'request' && entry.operation === 'list').length;
  const create = (id: string, filter: string, credential: string | null = credentialId) =>
    world.send(createIntegration, id, {
      id,
      connector: 'entra',
      load,
      name: `Name of ${id}`,
      credential,
      inputs: { filter },
    });

  it('takes the example of R58 as typed, and reads whom it lets through', async () => {
    const control = world.simulator.control;
    const records = control.rawAccounts('entra');
    control.mutate(
      records.slice(0, 3).map(({ id }) => ({
        op: 'set-field' as const,
        vendor: 'entra' as const,
        id,
        field: 'employeeType',
        value: 'Visitor',
      })),
    );
    await world.integration('example', { load, inputs: { filter: example } });
    const run = await world.start('example');
    await world.map(run);
    const expected = control
      .rawAccounts('entra')
      .filter(({ record }) =>
        /^(Admin|Staff|Faculty|Contingent Workers|EmpStudent)$/.test(String(record['employeeType'])),
      );
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(users);
    expect(await world.ended(run)).toMatchObject({ state: 'completed', counts: { read: expected.length } });
  }, 60_000);

  it('takes Default as no filter at all (R57)', async () => {
    await world.integration('everybody', { load, inputs: { filter: 'Default' } });
    const run = await world.start('everybody');
    await world.map(run);
    expect(await world.ended(run)).toMatchObject({ state: 'completed', counts: { read: users } });
  }, 60_000);

  it("refuses a bad filter at save with the vendor's words, and saves nothing", async () => {
    await expect(create('bad', "noSuchField eq 'x'")).rejects.toThrow(/inputs-refused-by-vendor: .*noSuchField/s);
    expect(await world.getIntegration('bad')).toBeNull();
    await create('changed', example);
    await expect(
      world.send(updateIntegration, 'changed', {
        id: 'changed',
        ifVersion: null,
        inputs: { filter: 'employeeType like 3' },
      }),
    ).rejects.toThrow('inputs-refused');
    expect((await world.getIntegration('changed')).inputs).toEqual({ filter: example });
  }, 60_000);

  it('asks nobody about what is certainly wrong', async () => {
    const before = lists();
    await expect(create('quote', "employeeType in ('Admin)")).rejects.toThrow(/invalid-inputs.*no partner/s);
    expect(lists()).toBe(before);
  }, 30_000);

  it('saves a draft that cannot be tried yet, and tries it at its launch', async () => {
    await create('later', "noSuchField eq 'x'", null);
    await world.register('later');
    await expect(
      world.send(updateIntegration, 'later', { id: 'later', ifVersion: null, credential: credentialId }),
    ).rejects.toThrow('inputs-refused');

    world.simulator.control.addFaults([
      { vendor: 'entra', match: { operation: 'list', times: 'always' }, fault: { kind: 'status', status: 503 } },
    ]);
    await world.send(updateIntegration, 'later', { id: 'later', ifVersion: null, credential: credentialId });
    await expect(world.send(launchIntegration, 'later', { id: 'later' })).rejects.toThrow(
      /inputs-refused.*could not be tried/s,
    );
    world.simulator.control.clearFaults();
    await expect(world.send(launchIntegration, 'later', { id: 'later' })).rejects.toThrow(
      /inputs-refused.*noSuchField/s,
    );
    expect((await world.getIntegration('later')).state).toBe('draft');
  }, 120_000);

  it('belongs to the load with filtering only, and to the cloud (R35, R56)', async () => {
    const input = { connector: 'entra', name: 'Wrong', credential: credentialId };
    await expect(
      world.send(createIntegration, 'plain', { ...input, id: 'plain', load: 'users', inputs: { filter: example } }),
    ).rejects.toThrow(/invalid-inputs.*belongs to the load/s);
    await expect(
      world.send(createIntegration, 'local', {
        ...input,
        id: 'local',
        load: 'users',
        credential: null,
        installation: 'local',
      }),
    ).rejects.toThrow(/installation-not-allowed.*OAuth/s);
  }, 30_000);
});
