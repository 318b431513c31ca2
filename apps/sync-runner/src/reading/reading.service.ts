import { Injectable } from '@nestjs/common';
import { Databases, type RunDocument } from '@rollcall/collections';
import {
  type DuplicateUser,
  isWorthRefetching,
  readAllUsers,
  type ReadSummary,
  type UserAnswer,
  type UserPage,
  type UserReference,
} from '@rollcall/connector-kit';
import type { Pinned, RunProblem } from '@rollcall/contracts';

import type { OpenVendor } from '../vendors/vendors.service.js';
import type { ProgressMeter } from './progress-meter.js';
import { RawRecordsService } from './raw-records.service.js';
import type { ShapeSampler } from './record-shape.js';

/** What reading needs of whoever holds the run. */
export interface Reading {
  readonly vendor: OpenVendor;
  /** The run as it is now; its generation rises when the listing is read again. */
  readonly run: () => RunDocument;
  readonly pin: (startedAt: string) => Pinned;
  /** Throws when the run may not be worked on any longer; asked before every send (A4). */
  readonly checkHeld: () => void;
  /** START of this generation is about to be sent: from here on ABORT must name it. */
  readonly starting: (pinned: Pinned) => Promise<void>;
  readonly meter: ProgressMeter;
  readonly sampler: ShapeSampler;
  /** Raises the generation for another attempt; false when there were enough (A5). */
  readonly refetch: () => Promise<boolean>;
}

const mostSamples = 20;

/** Reads a vendor's whole listing into raw-records: START, pages, END (A7 to A10). */
@Injectable()
export class ReadingService {
  constructor(
    private readonly records: RawRecordsService,
    private readonly databases: Databases,
  ) {}

  /**
   * Returns what a complete read proved, after END is acknowledged. Throws the vendor's named reason, or whatever
   * `checkHeld` throws; the caller decides whether ABORT follows.
   */
  async read(reading: Reading): Promise<ReadSummary> {
    for (;;) {
      try {
        return await this.readOnce(reading);
      } catch (error) {
        // Totals that moved while pages were read may stand still the next time (V11, V14).
        if (!isWorthRefetching(error) || !(await reading.refetch())) throw error;
      }
    }
  }

  /** Reads one user: START, the record or nothing, END (A8). The only evidence is the vendor's answer by id. */
  async readUser(reading: Reading, reference: UserReference): Promise<UserAnswer> {
    const { connector, context } = reading.vendor;
    const run = reading.run();
    const pinned = reading.pin(this.databases.time().toISOString());
    await reading.starting(pinned);
    reading.checkHeld();
    await this.records.start(run, pinned);
    const askedAt = this.databases.timeMs();
    const answer = await connector.getUser(context, reference);
    reading.checkHeld();
    if (answer.kind === 'found') {
      await this.records.page(run, { users: [answer.user], askedAt, last: true, total: null, digest: '' });
    }
    await this.records.end(run, answer.kind === 'found' ? 1 : 0);
    return answer;
  }

  private async readOnce(reading: Reading): Promise<ReadSummary> {
    const { connector, context } = reading.vendor;
    const run = reading.run();
    const pinned = reading.pin(this.databases.time().toISOString());
    await reading.starting(pinned);
    reading.checkHeld();
    await this.records.start(run, pinned);
    reading.meter.begin();
    const summary = await this.sendPages(run, readAllUsers(connector, context), reading);
    reading.checkHeld();
    await this.records.end(run, summary.distinct);
    return summary;
  }

  /** The next page downloads while the last one is on its way to the broker (A9). */
  private async sendPages(
    run: RunDocument,
    pages: AsyncGenerator<UserPage, ReadSummary, undefined>,
    { checkHeld, meter, sampler }: Reading,
  ): Promise<ReadSummary> {
    let sending: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        checkHeld();
        const step = await pages.next();
        await sending;
        if (step.done === true) return step.value;
        checkHeld();
        sending = this.records.page(run, step.value);
        // Its failure is met at the next await; until then it must not count as unhandled.
        sending.catch(() => undefined);
        sampler.add(step.value.users);
        await meter.read(step.value);
      }
    } finally {
      await Promise.allSettled([sending]);
    }
  }
}

/** Users whose id came twice with different content: named on the run, the others are fine (V15). */
export function duplicateProblems(duplicates: readonly DuplicateUser[]): RunProblem[] {
  if (duplicates.length === 0) return [];
  const message =
    'The vendor listed these users twice with different content; the first version was taken. Look at them at the ' +
    'vendor; the next run takes over what it then says.';
  const samples = duplicates.slice(0, mostSamples).map(({ id, username }) => username ?? id);
  return [{ code: 'duplicate-id', message, count: duplicates.length, samples }];
}
