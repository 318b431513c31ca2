import { Injectable } from '@nestjs/common';
import { Databases, type RunDocument } from '@rollcall/collections';
import type { PlanLine, RunReportOf } from '@rollcall/contracts';

import { isOnHold } from '../integrations/deactivates.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { SweepsService } from '../sweeps/sweeps.service.js';
import type { OpenVendor } from '../vendors/vendors.service.js';
import { confirmLines } from './confirm-lines.js';
import { confirmByEarlierRuns } from './earlier-absences.js';
import { EarlierRunsRepository } from './earlier-runs.repository.js';
import { type Confirmation, type ConfirmationOutcome, judge, type Judgement, weighConfirmations } from './guard.js';
import { PlanLinesRepository } from './plan-lines.repository.js';

type Mapped = RunReportOf<'mapped'>;

/** Who asks for confirmations, for as long as it may. */
export interface ConfirmationOptions {
  readonly vendor: OpenVendor;
  /** Called before each question; throws when the run is no longer theirs. */
  readonly checkHeld: () => void;
}

/** What is known of the deactivations that a run staged, and what the guard makes of it. Writes nothing. */
@Injectable()
export class RunEvidenceService {
  constructor(
    private readonly integrations: IntegrationsService,
    private readonly sweeps: SweepsService,
    private readonly lines: PlanLinesRepository,
    private readonly earlier: EarlierRunsRepository,
    private readonly databases: Databases,
  ) {}

  /** Evidence (a) to (e), the amounts and the protected records. */
  async judge(run: RunDocument, report: Mapped): Promise<Judgement> {
    const integration = await this.integrations.get(run.integration);
    return judge({
      report,
      limit: integration.deactivationLimit,
      sums: await this.sweeps.sums(run, integration),
      sent: run.evidence?.distinct ?? -1,
      scope: run.scopeFingerprint,
      lastGoodScope: integration.lastGoodScope,
      deactivates: run.pinned?.deactivate === true,
      onHold: isOnHold(integration) ? (integration.deactivate.heldBy ?? {}) : null,
    });
  }

  /** Evidence (f) of every staged line that nobody approved. */
  async confirm(run: RunDocument, report: Mapped, options: ConfirmationOptions): Promise<ConfirmationOutcome> {
    const lines = await this.lines.staged(run._id, run.generation, report.staged);
    if (lines === null) return { waiting: [], problems: [], incomplete: planMismatch };
    // A person approved them, and this second complete read is their confirmation (E4).
    const unapproved = lines.filter(({ approved }) => !approved);
    return weighConfirmations(await this.confirmations(run, unapproved, options));
  }

  /** By the vendor's word on each, or where it gives none by what earlier runs saw. */
  private async confirmations(
    run: RunDocument,
    lines: readonly PlanLine[],
    { vendor: { connector, context }, checkHeld }: ConfirmationOptions,
  ): Promise<Confirmation[]> {
    if (connector.manifest.capabilities.confirmById) return confirmLines(connector, context, lines, checkHeld);
    const now = this.databases.timeMs();
    const accounts = lines.map(({ account }) => account);
    return confirmByEarlierRuns(lines, await this.earlier.before(run, accounts, now), now);
  }
}

const planMismatch = {
  code: 'plan-mismatch',
  message: 'The staged deactivations are not those that mapping reported. Start the run again.',
};
