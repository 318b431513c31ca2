import { type ClientSession, type Databases } from '@rollcall/collections';
import { type CloudEvent, rawRecordsTopic } from '@rollcall/contracts';
import { type ConsumedMessage, DeadLetters, type KafkaConnection, type OutgoingMessage } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';

import { ErasedUsersRepository } from '../src/accounts/erased-users.repository.js';
import { changesSteps } from '../src/changes/changes.crash-points.js';
import { ChangesRepository } from '../src/changes/changes.repository.js';
import { RecordEpochsRepository } from '../src/epochs/record-epochs.repository.js';
import { ExpressionsService } from '../src/expressions/expressions.service.js';
import { fieldsSteps } from '../src/fields/fields.crash-points.js';
import { FieldsRepository } from '../src/fields/fields.repository.js';
import { mappingsSteps } from '../src/mappings/mappings.crash-points.js';
import { MappingsRepository } from '../src/mappings/mappings.repository.js';
import { MappingsService } from '../src/mappings/mappings.service.js';
import { samplesSteps } from '../src/mappings/samples.crash-points.js';
import { SamplesRepository } from '../src/mappings/samples.repository.js';
import { SamplesService } from '../src/mappings/samples.service.js';
import { trackingSteps } from '../src/mappings/tracking.crash-points.js';
import { TrackingRepository } from '../src/mappings/tracking.repository.js';
import { settingsSteps } from '../src/people/fold-settings.crash-points.js';
import { FoldSettingsRepository } from '../src/people/fold-settings.repository.js';
import { peopleSteps } from '../src/people/people-reads.crash-points.js';
import { PeopleReadsRepository } from '../src/people/people-reads.repository.js';
import { EndOfReading } from '../src/plans/end-of-reading.js';
import { plansSteps } from '../src/plans/plans.crash-points.js';
import { PlansRepository } from '../src/plans/plans.repository.js';
import { SweepPlanner } from '../src/plans/sweep-planner.js';
import { positionsSteps } from '../src/positions/positions.crash-points.js';
import { PositionLost, PositionsRepository } from '../src/positions/positions.repository.js';
import { previewsSteps } from '../src/previews/previews.crash-points.js';
import { PreviewsRepository } from '../src/previews/previews.repository.js';
import { PreviewsService } from '../src/previews/previews.service.js';
import { publishedRunsSteps } from '../src/readings/published-runs.crash-points.js';
import { PublishedRunsRepository } from '../src/readings/published-runs.repository.js';
import { readingsSteps } from '../src/readings/readings.crash-points.js';
import { ReadingsRepository } from '../src/readings/readings.repository.js';
import { ControlSlices } from '../src/slices/control-slices.js';
import { ControlWorker } from '../src/slices/control-worker.js';
import { EventPublisher } from '../src/slices/event-publisher.js';
import { LineTransactions } from '../src/slices/line-transactions.js';
import { PartitionOpener } from '../src/slices/partition-opener.js';
import { PartitionState } from '../src/slices/partition-state.js';
import { PartitionWorker } from '../src/slices/partition-worker.js';
import { RecordSlicePlanner } from '../src/slices/record-slice.planner.js';
import { RecordsCommitter } from '../src/slices/records-committer.js';
import { Replayer } from '../src/slices/replayer.js';
import { SweepRunner } from '../src/slices/sweep-runner.js';
import { UndoRunner } from '../src/slices/undo-runner.js';
import { undoSteps } from '../src/undo/undo.crash-points.js';
import { UndoRepository } from '../src/undo/undo.repository.js';
import { UndoPages } from '../src/undo/undo-pages.js';
import { UndoPlanner } from '../src/undo/undo-planner.js';
import type { CrashPoints, Elsewhere, Step } from './crash-points.js';

const mostLives = 12;

/** Publishing, the offset and the commit have no class of their own here. */
const ownSteps = {
  'broker.publish': { writes: ['topics'] },
  'offset.commit': { writes: ['offsets'] },
  'transaction.commit': { writes: ['transaction'] },
} satisfies Record<string, Step>;

/** What stands between a slice and its database, by the names of their points. */
const declared = {
  changes: changesSteps,
  fields: fieldsSteps,
  mappings: mappingsSteps,
  people: peopleSteps,
  plans: plansSteps,
  positions: positionsSteps,
  previews: previewsSteps,
  readings: readingsSteps,
  runs: publishedRunsSteps,
  samples: samplesSteps,
  settings: settingsSteps,
  tracking: trackingSteps,
  undos: undoSteps,
} satisfies Record<string, Record<string, Step | Elsewhere>>;

type Watched = keyof typeof declared;

/** The steps of a slice by the names of their points, without those that other parts of the service take. */
export const databaseSteps: ReadonlyMap<string, Step> = new Map(
  Object.entries(declared).flatMap(([name, steps]) =>
    Object.entries<Step | Elsewhere>(steps).flatMap(([method, step]) =>
      'elsewhere' in step ? [] : [[`${name}.${method}`, step] as const],
    ),
  ),
);
export const sliceSteps: ReadonlyMap<string, Step> = new Map([...databaseSteps, ...Object.entries(ownSteps)]);

/** The slice processor of one partition in this process: a log in memory on one side, a database on the other. */
export class SliceMachine {
  /** Everything that was said, in the order in which it left. */
  readonly said: OutgoingMessage[] = [];
  lives = 0;
  private committedOffset = -1;

  constructor(
    private readonly databases: Databases,
    readonly partition: number,
    private readonly log: readonly ConsumedMessage[],
    private readonly points: CrashPoints,
  ) {}

  get events(): CloudEvent<{ revision: number; record: Record<string, unknown> }>[] {
    return this.said
      .filter(({ headers }) => headers?.['content-type'] !== undefined)
      .map(
        ({ value }) => JSON.parse(String(value)) as CloudEvent<{ revision: number; record: Record<string, unknown> }>,
      );
  }

  /** Works the log off, with a new process after each death. */
  async run(): Promise<void> {
    for (this.lives = 1; this.lives <= mostLives; this.lives += 1) {
      this.points.revive();
      const { worker, positions, readings } = this.process();
      try {
        const state = new PartitionState(
          this.partition,
          await positions.find(this.partition),
          readings,
          () => new Date(),
        );
        const messages = this.log.slice(Math.max(0, state.position?.from.offset ?? 0));
        await worker.work(state, { topic: rawRecordsTopic, partition: this.partition, messages }, this.context());
        if (this.committedOffset === this.log.length - 1) return;
      } catch (error) {
        if (error instanceof PositionLost) throw new Error('nobody else owns this partition', { cause: error });
        if (!this.points.fired) throw error;
      }
    }
    throw new Error(`the log was not worked off in ${mostLives} lives`);
  }

  private context() {
    return {
      isCurrent: () => true,
      commit: (offset: number) =>
        this.points.pass('offset.commit', async () => {
          this.committedOffset = Math.max(this.committedOffset, offset);
          return Promise.resolve();
        }),
      seek: () => undefined,
      pause: () => () => undefined,
    };
  }

  /** A process as it is after its start: nothing in memory. */
  private process() {
    const databases = this.watchedDatabases();
    const logger = { warn: () => undefined, error: () => undefined } as unknown as Logger;
    const watch = <Target extends object>(name: Watched | 'broker', target: Target) => this.points.watch(name, target);
    const positions = watch('positions', new PositionsRepository(databases));
    const readings = watch('readings', new ReadingsRepository(databases));
    const epochs = new RecordEpochsRepository(databases);
    const plans = watch('plans', new PlansRepository(databases));
    const changes = watch('changes', new ChangesRepository(databases));
    const reads = watch('people', new PeopleReadsRepository(databases));
    const settings = watch('settings', new FoldSettingsRepository(databases));
    const previewLines = watch('previews', new PreviewsRepository(databases));
    const tracking = watch('tracking', new TrackingRepository(databases));
    const erasedUsers = new ErasedUsersRepository(databases, {
      signing: { digest: (...parts: string[]) => parts.join('/') } as never,
    });
    const samples = new SamplesService(watch('samples', new SamplesRepository(databases)), databases, erasedUsers);
    const runs = watch('runs', new PublishedRunsRepository(databases));
    const mappings = new MappingsService(
      watch('mappings', new MappingsRepository(databases)),
      watch('fields', new FieldsRepository(databases)),
      settings,
      new ExpressionsService(logger),
    );
    const sink = watch('broker', {
      publish: async (messages: readonly OutgoingMessage[]) => {
        this.said.push(...messages);
        return Promise.resolve();
      },
    }) as never;
    const publisher = new EventPublisher(sink);
    const previews = new PreviewsService(previewLines, reads, settings);
    const planner = new RecordSlicePlanner(reads, settings, previews, erasedUsers);
    const sweeps = new SweepPlanner(reads, settings, readings);
    const replayer = new Replayer(databases, publisher);
    const lines = new LineTransactions(databases, positions, changes, publisher, replayer);
    const undos = watch('undos', new UndoRepository(databases));
    const undoPlanner = new UndoPlanner(reads, settings, undos);
    const undoRunner = new UndoRunner(
      databases,
      lines,
      undos,
      plans,
      new UndoPages(undos),
      undoPlanner,
      publisher,
      runs,
    );
    const end = new EndOfReading(readings, plans, mappings, previews);
    const controls = new ControlWorker(
      databases,
      new ControlSlices(databases, readings, plans, end, runs),
      new SweepRunner(databases, lines, changes, plans, sweeps, readings, publisher, runs),
      undoRunner,
      publisher,
      positions,
      readings,
      new DeadLetters(sink),
      runs,
    );
    const worker = new PartitionWorker(
      databases,
      new PartitionOpener(databases, null as unknown as KafkaConnection, positions, readings, epochs, logger),
      mappings,
      planner,
      new RecordsCommitter(databases, planner, positions, changes, readings, previewLines, tracking),
      controls,
      replayer,
      publisher,
      samples,
    );
    return { worker, positions, readings };
  }

  /** The commit itself is a point as well: the one where a reply matters most (B15). */
  private watchedDatabases(): Databases {
    const { databases, points } = this;
    const withSession = (work: (session: ClientSession) => Promise<unknown>) =>
      databases.client.withSession((session) => {
        const commit = session.commitTransaction.bind(session);
        session.commitTransaction = () => points.pass('transaction.commit', commit);
        return work(session);
      });
    const client = new Proxy(databases.client, {
      get: (target, property) => {
        if (property === 'withSession') return withSession;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    return new Proxy(databases, {
      get: (target, property) => {
        if (property === 'client') return client;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
