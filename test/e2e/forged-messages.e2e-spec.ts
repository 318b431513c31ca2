import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readings, runs, workflowRuns } from '@rollcall/collections';
import {
  activateWorkflow,
  createWorkflow,
  deadLettersTopic,
  messageSignatureHeader,
  type RawMessage,
  rawRecordsTopic,
  type RunReport,
  runReportsTopic,
  serviceNames,
  type Trigger,
} from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { buildUser, readTopic, waitFor } from '@rollcall/testing';

import {
  Attacker,
  type Captured,
  type Fake,
  fakeCommands,
  fakeEvents,
  type Forged,
  internalTopics,
} from './attacker.js';
import { Company, vendorIds } from './company.js';
import { changedBetween, type Dump } from './database-dump.js';
import { Installation } from './installation.js';

jest.setTimeout(180_000);

const users = 24;

describe('whoever can write to the broker, and has no key of the service that may', () => {
  let installation: Installation;
  let company: Company;
  let attacker: Attacker;
  let captured: Captured[];
  let before: Dump;

  beforeAll(async () => {
    installation = await Installation.start({ services: serviceNames, simulator: { company: 'load:1' } });
    company = await Company.open(installation, 'forged', users);
    await prehistory();
    attacker = await Attacker.open(installation.environment);
    await attacker.taken();
    captured = await attacker.capture();
    before = await attacker.stored();
  }, 180_000);

  afterAll(async () => {
    await attacker?.close();
    await company?.close();
    await installation.stop();
  }, 60_000);

  /** A failure with its notice, a sweep that starts workflows, and an undo: everything that can be said is said once. */
  async function prehistory(): Promise<void> {
    await activate('saas-user.created', 'lastpass');
    await activate('saas-user.deactivated', 'lastpass');
    await activate('person.created', null);
    await activate('person.deactivated', null);
    company.break({ kind: 'status', status: 403 });
    await company.run();
    await Promise.all(vendorIds.map((vendor) => company.told(vendor, 'run-failed')));
    company.repair();
    const leaver = Object.fromEntries(vendorIds.map((vendor) => [vendor, company.idOf(vendor, 3)]));
    company.mutate((vendor) => ({ op: 'remove-user', vendor, id: leaver[vendor]! }));
    const swept = await company.run();
    expect([swept.lastpass.counts, swept.jumpcloud.counts]).toEqual([
      expect.objectContaining({ deactivated: 1 }),
      expect.objectContaining({ deactivated: 1 }),
    ]);
    await company.rest.request('POST', `/runs/${swept.jumpcloud.id}/undo`);
    await waitFor('the undo', async () => (await company.deactivated('jumpcloud')).records.length === 0);
    await waitFor(
      'the workflow runs to end',
      async () => {
        const started = await company.databases.collection(workflowRuns).find().toArray();
        return started.length > 0 && started.every(({ endedAt }) => endedAt !== null);
      },
      60_000,
    );
  }

  /** A workflow that reads, and acts on no vendor. */
  async function activate(trigger: Trigger, app: string | null): Promise<void> {
    const { environment } = installation;
    const [publisher, signing] = [await environment.publisherOf('gateway'), await environment.signingOf('gateway')];
    const sender = new CommandSender('gateway', publisher, environment.databases, signing);
    const id = randomUUID();
    const { credential } = await company.integrationOf('jumpcloud');
    const look = { id: 'look', kind: 'api' as const, connector: 'jumpcloud', preset: 'get-user', inputs: {} };
    const definition = {
      begin: { trigger, app, includeInitial: false },
      blocks: [{ ...look, credential: credential! }],
    };
    const options = { aggregate: id, actor: 'test', correlationId: id };
    const input = { id, name: `On ${trigger}`, description: '', definition };
    const made = await sender.send(createWorkflow, { ...options, idempotencyKey: `make-${id}`, input });
    const activated = await sender.send(activateWorkflow, { ...options, idempotencyKey: id, input: { id } });
    expect([made.outcome.status, activated.outcome.status]).toEqual(['done', 'done']);
  }

  /** The victim: its integration, its reading, its last run, and where its messages lie. */
  async function victim() {
    const integration = await company.integrationOf('lastpass');
    const reading = (await company.databases.collection(readings).findOne({ _id: integration._id }))!;
    const run = (await company.databases.collection(runs).findOne({ _id: reading.run }))!;
    return { integration, reading, run };
  }

  /** Every kind of raw-records message, of the victim's last run and of runs that never were. */
  async function fakeRawMessages(): Promise<Fake[]> {
    const { integration, reading } = await victim();
    const messages = [reading.generation, Date.now(), Number.MAX_SAFE_INTEGER].flatMap((g) =>
      [reading.run, 'forged'].flatMap((r): RawMessage[] => {
        const base = { i: integration._id, g, r };
        return [
          { ...base, k: 'start', pinned: { ...reading.pinned, scope: 'full', deactivate: true } },
          { ...base, k: 'records', u: [buildUser('ghost')] },
          { ...base, k: 'abort', reason: 'forged' },
          { ...base, k: 'end', count: 0 },
          { ...base, k: 'sweep' },
          { ...base, k: 'undo', undo: new Date().toISOString() },
        ];
      }),
    );
    return messages.map((one) => ({ kind: one.k, key: integration._id, value: JSON.stringify(one) }));
  }

  function fakeReports(run: { _id: string; integration: string; generation: number }): Fake[] {
    const ofKind = (kind: RunReport['kind']) =>
      captured
        .filter(({ topic }) => topic === runReportsTopic)
        .map(({ value }) => JSON.parse(value) as RunReport)
        .findLast((report) => report.kind === kind)!;
    return (['mapped', 'swept', 'undone'] as const).map((kind) => {
      const { _id, integration, generation } = run;
      const report = { ...ofKind(kind), run: _id, integration, generation, activeAtStart: 1_000_000, staged: 0 };
      return { kind, key: _id, value: JSON.stringify(report) };
    });
  }

  async function fakes(): Promise<Fake[]> {
    const { run } = await victim();
    return [
      ...(await fakeRawMessages()),
      ...fakeReports(run),
      ...fakeEvents(captured),
      ...fakeCommands(captured),
      { kind: 'garbage', key: run.integration, value: 'no JSON' },
    ];
  }

  const letters = async () => (await readTopic(installation.environment.kafka, deadLettersTopic)).length;

  async function expectNothingChanged(): Promise<void> {
    await attacker.taken();
    expect(changedBetween(before, await attacker.stored())).toEqual([]);
  }

  it('has seen every kind of message', () => {
    const nouns = new Set(captured.map(({ topic }) => topic.noun));
    expect(internalTopics.map(({ noun }) => noun).filter((noun) => !nouns.has(noun))).toEqual([
      // No setting deactivates anybody in this story, and nobody commands these two.
      'people-plans',
      'commands.gateway',
      'commands.notifier',
    ]);
    const kinds = captured
      .filter(({ topic }) => topic === rawRecordsTopic)
      .map(({ value }) => (JSON.parse(value) as RawMessage).k);
    expect([...new Set(kinds)].sort()).toEqual(['abort', 'end', 'records', 'start', 'sweep', 'undo']);
  });

  it('changes nothing with any kind of message in any topic, without a key', async () => {
    const { integration } = await victim();
    const parked = await letters();
    const all = await fakes();
    await attacker.sendEverywhere(all, integration.partition, 'nobody');
    await expectNothingChanged();
    // Everything that somebody consumes is parked; nobody consumes notices, credentials, workflows and marks.
    const unread = ['notices', 'credentials', 'workflows', 'record-marks'];
    const consumed = internalTopics.filter(({ noun }) => !unread.includes(noun));
    expect((await letters()) - parked).toBe(all.length * consumed.length);
  });

  it('changes nothing with the stolen key of another service', async () => {
    const { integration } = await victim();
    await attacker.sendEverywhere(await fakes(), integration.partition, 'thief');
    await expectNothingChanged();
  });

  it('starts no workflow and tells nobody with events of people and SaaS users, which nobody signs', async () => {
    const events = fakeEvents(captured).filter(({ topic }) => topic.signed === 'nobody');
    await attacker.send(events);
    await expectNothingChanged();
  });

  it('changes nothing by saying again what was said, to the last byte', async () => {
    await attacker.send(
      captured.map(({ topic, key, value, partition, headers }) => ({ topic, key, value, partition, headers })),
    );
    await expectNothingChanged();
  });

  it('changes nothing with what was signed, altered by a byte, or under another key, partition or topic', async () => {
    const signed = captured.filter(({ headers }) => headers[messageSignatureHeader] !== undefined);
    const { integration } = await victim();
    const other = await company.integrationOf('jumpcloud');
    const altered = signed.map(({ topic, key, value, partition, headers }): Forged => {
      const at = Math.floor(value.length / 2);
      const byte = String.fromCharCode(value.charCodeAt(at) ^ 1);
      return { topic, key, value: value.slice(0, at) + byte + value.slice(at + 1), partition, headers };
    });
    const moved = signed.flatMap(({ topic, key, value, partition, headers }): Forged[] => {
      if (topic === rawRecordsTopic) {
        const { i } = JSON.parse(value) as RawMessage;
        const victims = [integration, other].filter(({ _id }) => _id !== i);
        return [
          ...victims.map((one) => ({ topic, key: one._id, value, partition: one.partition, headers })),
          ...victims.map((one) => ({ topic, key, value, partition: one.partition, headers })),
          { topic, key, value, partition: (partition + 1) % topic.partitions, headers },
        ];
      }
      const others = internalTopics.filter((one) => one !== topic);
      return others.map((one) => ({
        topic: one,
        key,
        value,
        headers,
        ...(one.placed === 'by-sender' && { partition }),
      }));
    });
    await attacker.send([...altered, ...moved]);
    await expectNothingChanged();
  });

  it('neither stops nor misleads a run that is under way', async () => {
    const leaver = company.idOf('lastpass', 5);
    company.simulator.control.mutate([{ op: 'remove-user', vendor: 'lastpass', id: leaver }]);
    const started = await company.start('lastpass');
    const isOpen = async () => (await company.integrationOf('lastpass')).openRun === started.id;
    for (let volley = 0; volley < 20 && (await isOpen()); volley += 1) {
      const run = (await company.databases.collection(runs).findOne({ _id: started.id }))!;
      const { integration } = await victim();
      const base = { i: integration._id, g: Math.max(1, run.generation), r: run._id };
      const raw: RawMessage[] = [
        { ...base, k: 'abort', reason: 'forged' },
        { ...base, k: 'records', u: [buildUser('ghost')] },
        { ...base, k: 'end', count: 0 },
        { ...base, k: 'sweep' },
      ];
      const now = raw.map((one) => ({ kind: one.k, key: base.i, value: JSON.stringify(one) }));
      await attacker.sendEverywhere(
        [...now, ...fakeReports(run)],
        integration.partition,
        volley % 2 === 0 ? 'nobody' : 'thief',
      );
    }
    const run = await company.ended(started);
    expect(run).toMatchObject({ state: 'completed', counts: { read: users - 2, deactivated: 1, created: 0 } });
    expect((await company.deactivated('lastpass')).records).toContain(leaver);
    expect((await company.deactivated('lastpass')).records).toHaveLength(2);
  });
});
