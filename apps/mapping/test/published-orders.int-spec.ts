import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { positions, readings, undos } from '@rollcall/collections';
import { deadLettersTopic, type Pinned, type RawMessageOf, rawRecordsTopic, type RawUser } from '@rollcall/contracts';
import { partitionBounds } from '@rollcall/messaging';
import {
  buildPinned,
  buildRun,
  buildUser,
  buildVerdict,
  type RawRecordsDriver,
  readTopic,
  type RunningService,
  waitFor,
} from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(60_000);

/** Every message here carries sync-runner's own signature: what is told apart is what sync-runner decided and what not. */
describe('mapping obeys sync-runner only as far as it published what it says', () => {
  let fixture: MappingFixture;
  let service: RunningService;
  let partition = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    service = await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const users = (...ids: string[]): RawUser[] => ids.map((id) => buildUser(id));
  const collection = () => fixture.environment.databases;
  const readingOf = (id: string) => collection().collection(readings).findOne({ _id: id });
  const activeOf = async (id: string) =>
    (await fixture.accounts()).filter(({ integration, active }) => integration === id && active).map(({ _id }) => _id);

  /** Resolves when everything that stands in the partition is worked off. */
  const settled = (driver: RawRecordsDriver) =>
    waitFor('the partition to be worked off', async () => {
      const { high } = (await partitionBounds(fixture.environment.kafka, rawRecordsTopic)).get(driver.partition)!;
      const position = await collection().collection(positions).findOne({ _id: driver.partition });
      return position?.offset === high - 1 && position.line === null;
    });

  /** Codes of the integration's dead letters, in order. */
  const lettersOf = async (id: string) =>
    (await readTopic(fixture.environment.kafka, deadLettersTopic))
      .filter(({ key }) => key === id)
      .map(({ headers }) => headers['code']);

  /** An integration with these users, in a partition of its own. */
  async function loaded(id: string, ...ids: string[]): Promise<RawRecordsDriver> {
    const driver = await fixture.integration(id, { partition: (partition += 1) });
    await driver.read(`${id}-1`, users(...ids));
    await driver.report(`${id}-1`, 'mapped');
    return driver;
  }

  const startOf = (driver: RawRecordsDriver, r: string, pinned: Partial<Pinned> = {}): RawMessageOf<'start'> => ({
    i: driver.integration,
    g: driver.nextGeneration(),
    r,
    k: 'start',
    pinned: buildPinned(pinned),
  });

  describe('START', () => {
    const others: [string, string[], (start: RawMessageOf<'start'>, partition: number) => object | null][] = [
      ['a run that is not published', ['run-unknown', 'run-unknown', 'run-unknown'], () => null],
      ['a run of another integration', ['run-unknown', 'run-unknown', 'run-unknown'], () => ({ integration: 'x' })],
      ['a run in another partition', ['run-unknown', 'start-missing'], (_start, own) => ({ partition: own + 10 })],
      [
        'a generation that is not claimed yet',
        ['run-unknown', 'run-unknown', 'run-unknown'],
        ({ g }) => ({ generation: g - 1 }),
      ],
      ['a generation that was given up since', [], ({ g }) => ({ generation: g + 1 })],
    ];

    it.each(others)('of %s begins nothing and harms nothing', async (what, letters, difference) => {
      const id = `start-${what.replaceAll(/\W/g, '-')}`;
      const driver = await loaded(id, 'a', 'b');
      const start = startOf(driver, `${id}-2`);
      const other = difference(start, driver.partition);
      const { i: integration, g: generation, r: _id } = start;
      if (other !== null) {
        await driver.runs.put(buildRun({ _id, integration, generation, partition: driver.partition, ...other }));
      }
      const before = await readingOf(id);
      const { i, g, r } = start;
      await driver.sendUnpublished([start, { i, g, r, k: 'records', u: users('c') }, { i, g, r, k: 'end', count: 1 }]);
      await settled(driver);
      expect(await lettersOf(id)).toEqual(letters);
      expect(await readingOf(id)).toEqual(before);
      expect(await activeOf(id)).toEqual([`${id}:a`, `${id}:b`]);
      // The integration can be read as ever.
      await driver.read(`${id}-3`, users('a', 'b', 'c'));
      expect(await driver.report(`${id}-3`, 'mapped')).toMatchObject({ result: 'complete', counts: { created: 1 } });
    });

    it('of a generation far ahead of the clock is obeyed if it is published, so that a wrong clock stops no integration', async () => {
      const driver = await loaded('future', 'a');
      const g = Date.now() + 400 * 86_400_000;
      const base = { i: 'future', g, r: 'future-2' };
      await driver.sendUnpublished([{ ...base, k: 'start', pinned: buildPinned() }]);
      await settled(driver);
      expect(await lettersOf('future')).toEqual(['run-unknown']);
      await driver.send([
        { ...base, k: 'start', pinned: buildPinned() },
        { ...base, k: 'records', u: users('a', 'b') },
        { ...base, k: 'end', count: 2 },
      ]);
      expect(await driver.report('future-2', 'mapped')).toMatchObject({ result: 'complete' });
    });
  });

  it('takes users, END and ABORT only of the run whose START it obeyed', async () => {
    const driver = await loaded('mixed', 'a', 'b');
    const start = startOf(driver, 'mixed-2');
    const { i, g, r } = start;
    await driver.send([start, { i, g, r, k: 'records', u: users('a') }]);
    await driver.send([
      { i, g, r: 'another', k: 'records', u: users('of-another-run') },
      { i, g, r: 'another', k: 'abort', reason: 'test' },
      { i, g, r: 'another', k: 'end', count: 1 },
    ]);
    await driver.send([
      { i, g, r, k: 'records', u: users('b') },
      { i, g, r, k: 'end', count: 2 },
    ]);
    expect(await driver.report('mixed-2', 'mapped')).toMatchObject({ result: 'complete', counts: { read: 2 } });
    expect(await lettersOf('mixed')).toEqual(['run-mismatch', 'run-mismatch', 'run-mismatch']);
    expect(await activeOf('mixed')).toEqual(['mixed:a', 'mixed:b']);
  });

  describe('SWEEP', () => {
    type Doubt = [
      string,
      string,
      (driver: RawRecordsDriver, run: string, g: number) => Promise<{ i: string; r: string } | void>,
    ];
    const doubts: Doubt[] = [
      [
        'before the guard has let the run pass',
        'sweep-not-judged',
        async (driver, run) => {
          await driver.runs.pass(run);
          await driver.runs.set(run, { state: 'judging' });
        },
      ],
      ['that the guard held', 'sweep-not-judged', (driver, run) => driver.runs.pass(run, { decision: 'hold' })],
      [
        'of another plan than was judged',
        'sweep-not-judged',
        (driver, run) => driver.runs.pass(run, { planHash: 'other' }),
      ],
      [
        'of another generation of the run',
        'sweep-not-judged',
        async (driver, run, g) => {
          await driver.runs.pass(run);
          await driver.runs.set(run, { generation: g + 1 });
        },
      ],
      [
        'whose run belongs to another integration',
        'sweep-not-judged',
        async (driver, run) => {
          await driver.runs.pass(run);
          await driver.runs.set(run, { integration: 'another' });
        },
      ],
      [
        'that names another run, which did pass',
        'run-mismatch',
        async (driver, run, generation) => {
          await driver.runs.pass(run);
          const { integration, partition: own } = driver;
          const verdict = buildVerdict();
          await driver.runs.put(
            buildRun({ _id: `${run}-other`, integration, generation, partition: own, state: 'sweeping', verdict }),
          );
          return { i: integration, r: `${run}-other` };
        },
      ],
    ];

    it.each(doubts)('%s deactivates nobody, and the right one still does', async (what, code, arrange) => {
      const id = `sweep-${what.replaceAll(/\W/g, '-')}`;
      const driver = await loaded(id, 'a', 'b', 'c');
      const g = await driver.read(`${id}-2`, users('a', 'b'));
      expect(await driver.report(`${id}-2`, 'mapped')).toMatchObject({ staged: 1 });
      const named = (await arrange(driver, `${id}-2`, g)) ?? { i: id, r: `${id}-2` };
      await driver.send([{ ...named, g, k: 'sweep' }]);
      await settled(driver);
      expect(await lettersOf(id)).toEqual([code]);
      expect(await activeOf(id)).toHaveLength(3);
      expect((await readingOf(id))?.swept).toBeNull();

      await driver.runs.set(`${id}-2`, { integration: id, generation: g });
      await driver.sweep(`${id}-2`, g);
      expect(await activeOf(id)).toEqual([`${id}:a`, `${id}:b`]);
    });

    it('is carried out without those whom the stored verdict refutes, whatever the message says', async () => {
      const driver = await loaded('refuted', 'a', 'b', 'c');
      const g = await driver.read('refuted-2', users('a'));
      await driver.report('refuted-2', 'mapped');
      await driver.runs.pass('refuted-2', { refuted: ['refuted:b'] });
      const base = { i: 'refuted', g, r: 'refuted-2', k: 'sweep' };
      await driver.sendRaw(JSON.stringify({ ...base, refuted: ['refuted:c'] }));
      expect(await driver.report('refuted-2', 'swept')).toMatchObject({ deactivated: 1, stale: 1 });
      expect(await activeOf('refuted')).toEqual(['refuted:a', 'refuted:b']);
    });

    it('is carried out for a verdict of an earlier version, by the hash in the report that was judged', async () => {
      const driver = await loaded('earlier', 'a', 'b');
      const g = await driver.read('earlier-2', users('a'));
      const mapped = await driver.report('earlier-2', 'mapped');
      const { planHash: _none, ...verdict } = buildVerdict();
      await driver.runs.set('earlier-2', {
        state: 'sweeping',
        verdict: verdict as ReturnType<typeof buildVerdict>,
        reports: { [`${g}:mapped`]: mapped },
      });
      await driver.send([{ i: 'earlier', g, r: 'earlier-2', k: 'sweep' }]);
      expect(await driver.report('earlier-2', 'swept')).toMatchObject({ deactivated: 1 });
    });
  });

  describe('UNDO', () => {
    it('takes back only what somebody asked for, once', async () => {
      const driver = await loaded('undo', 'a', 'b');
      const g = await driver.read('undo-2', users('a'));
      await driver.report('undo-2', 'mapped');
      await driver.sweep('undo-2', g);
      const base = { i: 'undo', g, r: 'undo-2', k: 'undo' as const };
      await driver.send([{ ...base, undo: new Date().toISOString() }]);
      await settled(driver);
      const { requestedAt } = await driver.runs.askForUndo('undo-2');
      await driver.send([
        { ...base, undo: 'another time' },
        { ...base, undo: requestedAt, g: g + 1 },
      ]);
      await driver.runs.set('undo-2', { integration: 'another' });
      await driver.send([{ ...base, undo: requestedAt }]);
      await settled(driver);
      expect(await lettersOf('undo')).toEqual(Array.from({ length: 4 }, () => 'undo-not-asked-for'));
      expect(await activeOf('undo')).toEqual(['undo:a']);

      await driver.runs.set('undo-2', { integration: 'undo' });
      await driver.send([{ ...base, undo: requestedAt }]);
      expect(await driver.report('undo-2', 'undone')).toMatchObject({ reactivated: 1 });
      const storedUndo = () => collection().collection(undos).findOne({ _id: 'undo-2' });
      const undone = await storedUndo();
      expect(undone).toMatchObject({ counts: { reactivated: 1 }, report: { kind: 'undone' } });
      // Said again after a crash, or by whoever recorded it.
      await driver.send([{ ...base, undo: requestedAt }]);
      await settled(driver);
      expect(await storedUndo()).toEqual(undone);
      expect(await lettersOf('undo')).toHaveLength(4);
    });
  });

  describe('what nobody signed', () => {
    /** Whoever can write to the broker. */
    async function forge(driver: RawRecordsDriver, ...values: (string | null)[]): Promise<void> {
      const producer = fixture.environment.kafka.kafka.producer();
      await producer.connect();
      await producer.send({
        topic: fixture.environment.kafka.nameOf(rawRecordsTopic.name),
        messages: values.map((value) => ({ key: driver.integration, partition: driver.partition, value })),
      });
      await producer.disconnect();
    }

    it('neither stops nor taints the run that is under way, and is not parked again after a restart', async () => {
      const driver = await loaded('forged', 'a', 'b');
      const start = startOf(driver, 'forged-2');
      const { i, g, r } = start;
      await driver.send([start, { i, g, r, k: 'records', u: users('a') }]);
      await forge(
        driver,
        'no JSON',
        null,
        JSON.stringify({ ...start, g: Number.MAX_SAFE_INTEGER }),
        JSON.stringify({ i, g, r, k: 'records', u: users('ghost') }),
        JSON.stringify({ i, g, r, k: 'abort', reason: 'test' }),
        JSON.stringify({ i, g, r, k: 'end', count: 1 }),
        JSON.stringify({ i, g, r, k: 'sweep' }),
      );
      await driver.send([
        { i, g, r, k: 'records', u: users('b') },
        { i, g, r, k: 'end', count: 2 },
      ]);
      expect(await driver.report('forged-2', 'mapped')).toMatchObject({ result: 'complete', counts: { read: 2 } });
      await forge(driver, 'behind everything');
      await settled(driver);
      expect(await lettersOf('forged')).toEqual(Array.from({ length: 8 }, () => 'message-not-authentic'));
      expect(await activeOf('forged')).toEqual(['forged:a', 'forged:b']);

      const before = await lettersOf('forged');
      await service.stop();
      service = await fixture.startMapping();
      await driver.read('forged-3', users('a', 'b'));
      expect(await driver.report('forged-3', 'mapped')).toMatchObject({ result: 'complete' });
      expect(await lettersOf('forged')).toEqual(before);
    });

    it('leaves marks of a transaction in the log, which are no lost messages', async () => {
      const driver = await loaded('marks', 'a');
      const start = startOf(driver, 'marks-2');
      const { i, g, r } = start;
      await driver.send([start]);
      const producer = fixture.environment.kafka.kafka.producer({
        transactionalId: 'stranger',
        maxInFlightRequests: 1,
      });
      await producer.connect();
      for (const end of ['commit', 'abort'] as const) {
        const transaction = await producer.transaction();
        const topic = fixture.environment.kafka.nameOf(rawRecordsTopic.name);
        await transaction.send({ topic, messages: [{ key: 'x', partition: driver.partition, value: end }] });
        await transaction[end]();
      }
      await producer.disconnect();
      await driver.send([
        { i, g, r, k: 'records', u: users('a') },
        { i, g, r, k: 'end', count: 1 },
      ]);
      expect(await driver.report('marks-2', 'mapped')).toMatchObject({ result: 'complete', reason: null });
    });
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
