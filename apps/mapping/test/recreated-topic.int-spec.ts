import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { positions } from '@rollcall/collections';
import { rawRecordsTopic, resetPositions } from '@rollcall/contracts';
import { type CommandSender, ensureTopics, partitionBounds } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, type RunningService, waitFor } from '@rollcall/testing';

import { PositionsRepository } from '../src/positions/positions.repository.js';
import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(60_000);

describe('a raw-records topic that was recreated (B2)', () => {
  let fixture: MappingFixture;
  let driver: RawRecordsDriver;
  let gateway: CommandSender;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    driver = await fixture.integration('acme');
    gateway = await fixture.sender('gateway');
    await fixture.startMapping();
    await driver.read('load', users('One'));
    await driver.report('load', 'mapped');
    await driver.read('change', users('Two'));
    await driver.report('change', 'mapped');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  function users(title: string) {
    return ['a', 'b', 'c'].map((id) => {
      const email = `${id}@example.com`;
      return buildUser(id, { raw: { email, name: id, title } });
    });
  }

  async function recreateTopic(): Promise<void> {
    const { kafka } = fixture.environment;
    const topic = kafka.nameOf(rawRecordsTopic.name);
    await kafka.withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await waitFor('the topic to be gone', () =>
      kafka.withAdmin(async (admin) => !(await admin.listTopics()).includes(topic)),
    );
    await ensureTopics(kafka, [rawRecordsTopic], 1);
    await waitFor(
      'the new topic to have leaders',
      async () => (await partitionBounds(kafka, rawRecordsTopic)).size > 0,
    );
  }

  const accept = (idempotencyKey: string) =>
    gateway.send(resetPositions, {
      aggregate: 'positions',
      actor: 'operator',
      correlationId: 'test',
      idempotencyKey,
      input: {},
    });
  const refusal = (service: RunningService) =>
    waitFor('the refusal', async () => {
      const { status, body } = await fixture.readiness(service);
      return status === 503 && body.includes('raw-records') ? body : false;
    });
  const titles = async () => (await fixture.accounts()).map(({ values }) => values['job_title']);

  it('is refused with the cure when it is shorter than the position, and healed by positions.reset', async () => {
    await fixture.stopServices();
    await recreateTopic();
    const mapping = await fixture.startMapping();
    const body = await refusal(mapping);
    expect(body).toContain('raw-records is not the topic I knew');
    expect(body).toContain('rollcall positions reset');

    // Nothing of the new topic is applied before a person accepts it.
    const before = await fixture.accounts();
    await driver.read('short', users('Three'));
    await refusal(mapping);
    expect(await fixture.accounts()).toEqual(before);

    expect((await accept('one')).outcome).toMatchObject({ status: 'done', result: { partitions: [0] } });
    expect(await driver.report('short', 'mapped')).toMatchObject({ result: 'complete', counts: { updated: 3 } });
    expect(await titles()).toEqual(['Three', 'Three', 'Three']);
    await waitFor('readiness', async () => (await fixture.readiness(mapping)).status === 200);
  });

  it('never says two things under one id, though the offsets begin anew (C4, I4)', async () => {
    await driver.read('more', users('Four'));
    await driver.report('more', 'mapped');
    const position = await fixture.environment.databases.collection(positions).findOne({ _id: 0 });
    expect(position).toMatchObject({ epoch: 1, refused: null });
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('is refused when it is longer than the position, by every replica that meets it', async () => {
    await fixture.stopServices();
    await recreateTopic();
    for (const title of ['Five', 'Six', 'Seven', 'Eight']) await driver.read(title, users(title));
    const replicas = [await fixture.startMapping(), await fixture.startMapping()];
    await Promise.race(replicas.map(refusal));
    expect(await titles()).toEqual(['Four', 'Four', 'Four']);
    expect((await accept('two')).outcome).toMatchObject({ status: 'done', result: { partitions: [0] } });
    expect(await driver.report('Eight', 'mapped')).toMatchObject({ result: 'complete' });
    expect(await titles()).toEqual(['Eight', 'Eight', 'Eight']);
    await waitFor('readiness of both', async () => {
      const states = await Promise.all(replicas.map((replica) => fixture.readiness(replica)));
      return states.every(({ status }) => status === 200);
    });
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  describe('while mapping runs', () => {
    let mapping: RunningService;
    const healed = () =>
      waitFor('readiness', async () => {
        const readiness = await fixture.readiness(mapping);
        if (readiness.status !== 200) throw new Error(`it says ${JSON.stringify(readiness)}`);
        return readiness;
      });

    it('is noticed though nothing is written to it', async () => {
      await fixture.stopServices();
      mapping = await fixture.startMapping();
      await driver.read('idle', users('Eight'));
      await driver.report('idle', 'mapped');
      await recreateTopic();
      expect(await refusal(mapping)).toContain('rollcall positions reset');
      expect((await accept('idle')).outcome).toMatchObject({ status: 'done', result: { partitions: [0] } });
      await healed();
    });

    it('is not refused again by whoever judged the position of before, once somebody accepted it', async () => {
      const { databases } = fixture.environment;
      await driver.read('judged', users('Eight'));
      await driver.report('judged', 'mapped');
      const judged = (await databases.collection(positions).findOne({ _id: 0 }))!;
      await recreateTopic();
      await refusal(mapping);
      expect((await accept('late')).outcome).toMatchObject({ status: 'done', result: { partitions: [0] } });
      expect(await new PositionsRepository(databases).refuse(judged, 'a judgement that comes too late')).toBe(false);
      expect(await databases.collection(positions).findOne({ _id: 0 })).toMatchObject({ refused: null });
      await healed();
    });

    it('is read from its beginning after the reset, though no further message comes', async () => {
      await driver.read('before', users('Nine'));
      await driver.report('before', 'mapped');
      await driver.read('again', users('Nine'));
      await driver.report('again', 'mapped');
      await recreateTopic();
      // Fewer messages than before, and all of them fetched before anybody accepts.
      await driver.read('deaf', users('Ten'));
      await refusal(mapping);
      expect((await accept('deaf')).outcome).toMatchObject({ status: 'done', result: { partitions: [0] } });
      expect(await driver.report('deaf', 'mapped')).toMatchObject({ result: 'complete', counts: { updated: 3 } });
      expect(await titles()).toEqual(['Ten', 'Ten', 'Ten']);
      await healed();
      expect(await ledgerFaults(fixture)).toEqual([]);
    });
  });

  it('changes nothing when there is nothing to accept', async () => {
    expect((await accept('three')).outcome).toMatchObject({ status: 'done', result: { partitions: [] } });
    await driver.read('after', users('Ten'));
    expect(await driver.report('after', 'mapped')).toMatchObject({ result: 'complete', counts: { unchanged: 3 } });
  });
});
