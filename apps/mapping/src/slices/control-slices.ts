import { Injectable } from '@nestjs/common';
import { type ClientSession, Databases, type ReadingDocument } from '@rollcall/collections';
import type { RawMessageOf, RunReport } from '@rollcall/contracts';
import type { Refusal } from '@rollcall/messaging';

import { EndOfReading } from '../plans/end-of-reading.js';
import { PlansRepository } from '../plans/plans.repository.js';
import { notOfThisRun, PublishedRunsRepository, runUnknown } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';

/** What a control message without changes of records does: a write for its transaction, and reports to publish. */
export interface ControlEffect {
  /** Why it is parked instead; then it does nothing else. */
  readonly refusal: Refusal | null;
  readonly reading: ReadingDocument | null;
  readonly reports: readonly RunReport[];
  write(session: ClientSession): Promise<void>;
}

const nothing: ControlEffect = { refusal: null, reading: null, reports: [], write: async () => undefined };
const refuse = (refusal: Refusal): ControlEffect => ({ ...nothing, refusal });

/** START, END and ABORT (B5, B18). */
@Injectable()
export class ControlSlices {
  constructor(
    private readonly databases: Databases,
    private readonly readings: ReadingsRepository,
    private readonly plans: PlansRepository,
    private readonly end: EndOfReading,
    private readonly runs: PublishedRunsRepository,
  ) {}

  async start(
    message: RawMessageOf<'start'>,
    partition: number,
    known: ReadingDocument | null,
  ): Promise<ControlEffect> {
    if (known && known.generation >= message.g) return nothing;
    const standing = await this.runs.standingOf(message, partition);
    if (standing === 'unknown') return refuse(runUnknown('START', message.r));
    if (standing === 'superseded') return nothing;
    const reading: ReadingDocument = {
      _id: message.i,
      partition,
      generation: message.g,
      run: message.r,
      pinned: message.pinned,
      activeAtStart: await this.readings.countActive(message.i),
      state: 'open',
      tainted: null,
      mapped: null,
      swept: null,
    };
    return this.put(reading, []);
  }

  async conclude(message: RawMessageOf<'end'>, known: ReadingDocument | null): Promise<ControlEffect> {
    if (!known || known.generation < message.g) return this.withoutStart(message);
    if (known.generation === message.g && known.run !== message.r) return refuse(notOfThisRun('END', message.r));
    // An older generation is fenced; a second END of this one changes nothing.
    if (known.generation > message.g || known.state !== 'open') return nothing;
    const at = this.databases.time();
    const report = await this.end.conclude(known, message.count, at);
    const reading: ReadingDocument = { ...known, state: 'ended', mapped: report };
    const plan = {
      _id: known.run,
      integration: known._id,
      generation: known.generation,
      lines: report.staged,
      hash: report.planHash,
      undone: null,
      at,
    };
    return {
      refusal: null,
      reading,
      reports: [report],
      write: async (session) => {
        await this.readings.put(session, reading);
        await this.plans.putPlan(session, plan);
      },
    };
  }

  abort(message: RawMessageOf<'abort'>, known: ReadingDocument | null): ControlEffect {
    if (!known || known.generation !== message.g) return nothing;
    if (known.run !== message.r) return refuse(notOfThisRun('ABORT', message.r));
    if (known.state === 'aborted') return nothing;
    return this.put({ ...known, state: 'aborted' }, []);
  }

  /** The run waits for a report; without its START there is nothing good to say. */
  private async withoutStart(message: RawMessageOf<'end'>): Promise<ControlEffect> {
    const standing = await this.runs.standingOf(message);
    if (standing === 'superseded') return nothing;
    if (standing === 'unknown') return refuse(runUnknown('END', message.r));
    return { ...nothing, reports: [incompleteWithoutStart(message)] };
  }

  private put(reading: ReadingDocument, reports: readonly RunReport[]): ControlEffect {
    return { refusal: null, reading, reports, write: (session) => this.readings.put(session, reading) };
  }
}

/** END without its own START: nothing is known of what came between (B18). Made of the message alone. */
export function incompleteWithoutStart(message: RawMessageOf<'end'>): RunReport {
  return {
    kind: 'mapped',
    run: message.r,
    integration: message.i,
    generation: message.g,
    result: 'incomplete',
    reason: {
      code: 'start-missing',
      message:
        'Mapping did not obey the beginning of this run: it is no longer in the topic, or it was parked as a dead letter that ' +
        'says why, such as a wrong clock. Correct that, then start the run again.',
    },
    counts: {
      read: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
      outdated: 0,
      skipped: 0,
      rejected: 0,
      reactivated: 0,
      unknownStatus: 0,
    },
    passedOver: null,
    problems: [],
    activeAtStart: 0,
    staged: 0,
    approved: 0,
    samples: [],
    returned: null,
    protectedLines: [],
    planHash: null,
  };
}
