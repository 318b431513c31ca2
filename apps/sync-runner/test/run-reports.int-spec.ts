import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type RunDocument, runs } from '@rollcall/collections';
import { deadLettersTopic, type RunReport, type RunReportOf, runReportsTopic } from '@rollcall/contracts';
import { committedOffsets, MessageSigner, partitionBounds } from '@rollcall/messaging';
import { readTopic, waitFor } from '@rollcall/testing';

import { RunnerWorld } from './runner-world.js';

jest.setTimeout(60_000);

describe('a report of a run', () => {
  let world: RunnerWorld;
  let run: RunDocument;

  beforeAll(async () => {
    world = await RunnerWorld.create(30);
    await world.startRunner();
    await world.integration('acme');
    const id = await world.start('acme');
    run = await world.inState(id, 'judging');
  }, 60_000);

  afterAll(async () => {
    await world.close();
  });

  const kafka = () => world.environment.kafka;
  /** Resolves when everything in the topic was taken. */
  const taken = () =>
    waitFor('the reports to be taken', async () => {
      const committed = await committedOffsets(kafka(), runReportsTopic, 'sync-runner.run-reports');
      const bounds = await partitionBounds(kafka(), runReportsTopic);
      return [...bounds].every(([partition, { high }]) => high === 0 || (committed.get(partition) ?? 0) >= high);
    });
  const swept = (change: Partial<RunReport> = {}): RunReport => ({
    kind: 'swept',
    run: run._id,
    integration: 'acme',
    generation: run.generation,
    deactivated: 0,
    stale: 0,
    peopleDeactivated: 0,
    ...(change as object),
  });

  const undone = (): RunReportOf<'undone'> => ({
    kind: 'undone',
    run: run._id,
    integration: 'acme',
    generation: run.generation,
    restored: 0,
    unlinked: 0,
    takenBack: 0,
    reactivated: 0,
    deactivated: 0,
    skipped: 0,
    conflicts: 0,
  });

  it('counts only for the run, the integration and the generation that it names', async () => {
    for (const change of [
      { generation: run.generation - 1 },
      { generation: run.generation + 1 },
      { integration: 'x' },
    ]) {
      await world.report(swept(change));
    }
    await world.report({ ...undone(), reactivated: 1 });
    await taken();
    expect((await world.getRun(run._id)).reports).toEqual({});
  });

  it('is parked when mapping did not sign it, whatever key it is signed with', async () => {
    const value = JSON.stringify(swept());
    const signing = await world.environment.signingOf('sync-runner');
    const thief = new MessageSigner({ ...signing, service: 'mapping' }, (name) => kafka().nameOf(name));
    const [stolen] = thief.sign([{ topic: runReportsTopic, key: run._id, value }]);
    const producer = kafka().kafka.producer();
    await producer.connect();
    const topic = kafka().nameOf(runReportsTopic.name);
    await producer.send({
      topic,
      messages: [
        { key: run._id, value },
        { key: run._id, value, headers: stolen!.headers },
      ],
    });
    await producer.disconnect();
    await taken();
    expect((await world.getRun(run._id)).reports).toEqual({});
    const letters = (await readTopic(kafka(), deadLettersTopic)).filter(({ key }) => key === run._id);
    expect(letters.map(({ headers }) => headers['code'])).toEqual(['message-not-authentic', 'message-not-authentic']);
  });

  it('of an undo counts once somebody asked for it', async () => {
    await world.reportMapped(run._id);
    const ended = await world.ended(run._id);
    await world.report(undone());
    await taken();
    expect(Object.keys((await world.getRun(run._id)).reports)).toEqual(Object.keys(ended.reports));
    await world.databases
      .collection(runs)
      .updateOne(
        { _id: run._id },
        { $set: { undo: { requestedBy: 'test', requestedAt: new Date().toISOString(), sentAt: 'sent' } } },
      );
    await world.report(undone());
    await waitFor('the report', async () => {
      const { reports } = await world.getRun(run._id);
      return reports[`${run.generation}:undone`] !== undefined;
    });
  });
});
