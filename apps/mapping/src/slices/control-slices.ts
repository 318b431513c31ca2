import { Inject, Injectable } from '@nestjs/common';
import type { ClientSession, ReadingDocument } from '@rollcall/collections';
import type { RawMessageOf, RunReport } from '@rollcall/contracts';

import { EndOfReading } from '../plans/end-of-reading.js';
import { PlansRepository } from '../plans/plans.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';

/** What a control message without changes of records does: a write for its transaction, and reports to publish. */
export interface ControlEffect {
  readonly reading: ReadingDocument | null;
  readonly reports: readonly RunReport[];
  write(session: ClientSession): Promise<void>;
}

const nothing: ControlEffect = { reading: null, reports: [], write: async () => undefined };

/** START, END and ABORT (B5, B18). */
@Injectable()
export class ControlSlices {
  constructor(
    @Inject(ReadingsRepository) private readonly readings: ReadingsRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(EndOfReading) private readonly end: EndOfReading,
  ) {}

  async start(
    message: RawMessageOf<'start'>,
    partition: number,
    known: ReadingDocument | null,
  ): Promise<ControlEffect> {
    if (known && known.generation >= message.g) return nothing;
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
    if (!known || known.generation < message.g) {
      return { ...nothing, reports: [incompleteWithoutStart(message)] };
    }
    // An older generation is fenced; a second END of this one changes nothing.
    if (known.generation > message.g || known.state !== 'open') return nothing;
    const at = new Date();
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
      reading,
      reports: [report],
      write: async (session) => {
        await this.readings.put(session, reading);
        await this.plans.putPlan(session, plan);
      },
    };
  }

  abort(message: RawMessageOf<'abort'>, known: ReadingDocument | null): ControlEffect {
    if (!known || known.generation !== message.g || known.state === 'aborted') return nothing;
    return this.put({ ...known, state: 'aborted' }, []);
  }

  private put(reading: ReadingDocument, reports: readonly RunReport[]): ControlEffect {
    return { reading, reports, write: (session) => this.readings.put(session, reading) };
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
      message: 'The beginning of this run is no longer in the topic, so it cannot be judged. Start the run again.',
    },
    counts: {
      read: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
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
