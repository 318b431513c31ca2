import { Inject, Injectable } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import { kafkaErrorText } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { RawRecordsService } from '../reading/raw-records.service.js';
import { startsAgain } from '../runs/generation.js';
import { LeaseLost } from '../runs/runs.errors.js';
import { RunsService } from '../runs/runs.service.js';
import type { OpenVendor } from '../vendors/vendors.service.js';
import { type ClaimedRun, RunStopped } from './claimed-run.js';
import { brokerParkingOf, parkingOf } from './parking.js';
import { reasonOf, RunFailure, type RunReason } from './run-failure.js';
import { RunReaderService } from './run-reader.service.js';
import { RunSweepService } from './run-sweep.service.js';
import { RunVerdictService } from './run-verdict.service.js';

/** Before a run that met a defect or an absent engine is tried by the next holder. */
const pauseMs = 5_000;

/** Takes a claimed run to its end, or hands it over. */
@Injectable()
export class RunExecutionService {
  constructor(
    private readonly runs: RunsService,
    private readonly reader: RunReaderService,
    private readonly verdicts: RunVerdictService,
    private readonly sweeps: RunSweepService,
    private readonly records: RawRecordsService,
    private readonly databases: Databases,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws: whatever happens is either the run's end, or left to the next holder. */
  async execute(claimed: ClaimedRun, isGivenUp: boolean): Promise<void> {
    let vendor: OpenVendor | null = null;
    try {
      if (isGivenUp) throw givenUp();
      claimed.checkHeld();
      if (startsAgain(claimed.run.state)) vendor = await this.reader.read(claimed);
      if (claimed.run.state === 'judging') {
        await this.verdicts.decide(claimed, async () => vendor ?? (await this.reader.reopen(claimed)));
      }
      if (claimed.run.state === 'sweeping') await this.sweeps.sweep(claimed);
    } catch (error) {
      await this.settle(claimed, error, vendor);
    }
  }

  private async settle(claimed: ClaimedRun, error: unknown, vendor: OpenVendor | null): Promise<void> {
    try {
      await this.settleBy(claimed, error, vendor);
    } catch (second) {
      if (!(second instanceof LeaseLost)) await this.giveBack(claimed, second);
    }
  }

  private async settleBy(claimed: ClaimedRun, error: unknown, vendor: OpenVendor | null): Promise<void> {
    if (error instanceof LeaseLost) await this.lookAgain(claimed);
    if (!claimed.isHeld) return;
    if (claimed.stopped === 'stopping') return this.runs.release(claimed.claim);
    if (claimed.stopped === 'cancelled') return this.end(claimed, 'cancelled', claimed.run.reason ?? cancelled);
    return this.fail(claimed, error, vendor);
  }

  private async fail(claimed: ClaimedRun, error: unknown, vendor: OpenVendor | null): Promise<void> {
    // eslint-disable-next-line no-restricted-syntax -- because the vendor's pause was reckoned by the clock of this machine
    const parkedUntil = parkingOf(error, claimed.run, Date.now(), this.databases.timeMs());
    if (parkedUntil !== null) return this.park(claimed, parkedUntil, error);
    const reason = error instanceof RunStopped ? null : reasonOf(error, vendor?.lease.secretVersion ?? null);
    // What has a name of its own, such as a page that the topic does not take, is not cured by waiting.
    const brokerUntil = reason === null ? brokerParkingOf(error, claimed.run, this.databases.timeMs()) : null;
    if (brokerUntil !== null) return this.awaitBroker(claimed, brokerUntil, error);
    if (reason === null || claimed.run.state === 'sweeping') return this.giveBack(claimed, error);
    return this.end(claimed, 'failed', reason);
  }

  /** What was read so far counts for nothing: the listing is read again from its beginning (A5). */
  private async park(claimed: ClaimedRun, until: Date, error: unknown): Promise<void> {
    if (claimed.openGeneration !== null) await this.records.abort(claimed.run, claimed.openGeneration, 'parked');
    await this.runs.park(claimed.claim, until, {
      code: 'vendor-rate-limited',
      message: `${errorText(error)} The run waits until ${until.toISOString()} and then reads everything again.`,
    });
    this.logger.warn(`run ${claimed.run._id} is parked until ${until.toISOString()}`, { run: claimed.run._id });
  }

  /** No ABORT: it could not be sent either. The next START puts an end to what mapping has of this attempt. */
  private async awaitBroker(claimed: ClaimedRun, until: Date, error: unknown): Promise<void> {
    await this.runs.park(claimed.claim, until, {
      code: 'kafka-unavailable',
      message: `Kafka did not take what the run had to send (${kafkaErrorText(error)}). The run is tried again every few seconds until it does.`,
    });
    this.logger.warn(`run ${claimed.run._id} waits for Kafka: ${kafkaErrorText(error)}`, { run: claimed.run._id });
  }

  /** A write was refused: the run is in other hands, or a person cancelled it just before its sweep. */
  private async lookAgain(claimed: ClaimedRun): Promise<void> {
    const run = await this.runs.look(claimed.claim);
    if (run === null) return claimed.stop('lease-lost');
    claimed.run = run;
    if (run.cancelRequested) claimed.stop('cancelled');
  }

  /** Whoever ends a run early sends ABORT first (A10): mapping then closes the generation that it may be reading. */
  private async end(claimed: ClaimedRun, state: 'failed' | 'cancelled', reason: RunReason): Promise<void> {
    if (claimed.openGeneration !== null) await this.records.abort(claimed.run, claimed.openGeneration, reason.code);
    claimed.run = await this.runs.change(claimed.claim, claimed.run, state, { reason });
    this.logger.warn(`run ${claimed.run._id} ${state}: ${reason.code}`, { run: claimed.run._id });
  }

  /** An absent engine or a defect: the lease runs out soon, and the next holder counts this one as lost (A5). */
  private async giveBack(claimed: ClaimedRun, error: unknown): Promise<void> {
    this.logger.error(`run ${claimed.run._id} was interrupted and is taken up again: ${errorText(error)}`, {
      run: claimed.run._id,
      stack: error instanceof Error ? error.stack : undefined,
    });
    try {
      await this.runs.abandon(claimed.claim, pauseMs);
    } catch (unreachable) {
      this.logger.warn(`run ${claimed.run._id} keeps its lease until it runs out: ${errorText(unreachable)}`);
    }
  }
}

const cancelled: RunReason = { code: 'cancelled', message: 'A person cancelled the run. What it had written stays.' };

function givenUp(): RunFailure {
  return new RunFailure(
    'run-interrupted',
    'The run was interrupted too often: its process ended, or lost the database, four times. Nobody was deactivated. ' +
      'Look at the log of sync-runner, then run again.',
  );
}
