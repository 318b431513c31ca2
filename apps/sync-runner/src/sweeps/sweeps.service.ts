import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, type RunDocument } from '@rollcall/collections';
import type { GuardSettings } from '@rollcall/contracts';
import { type Reason, sumReasons, type Sums } from '@rollcall/deactivation-guard';

import { activeBefore } from './active-by-day.js';
import { type Session, SweepsRepository } from './sweeps.repository.js';

const dayMs = 24 * 60 * 60 * 1000;
export const weekMs = 7 * dayMs;

/** No room for the deactivations of a run beside those that others swept meanwhile. Ends in a hold, never at a person. */
export class NoRoom extends Error {
  constructor(readonly reasons: readonly Reason[]) {
    super('other sweeps left no room');
  }
}

/** The running sums of the guard (P10), and the reservation by which a sweep enters them. */
@Injectable()
export class SweepsService {
  constructor(
    private readonly repository: SweepsRepository,
    private readonly databases: Databases,
  ) {}

  async sums(run: RunDocument, integration: IntegrationDocument, session?: Session): Promise<Sums> {
    const now = this.databases.time();
    const weekAgo = new Date(now.getTime() - weekMs);
    const dayAgo = new Date(now.getTime() - dayMs);
    const except = run._id;
    return {
      week: {
        swept: await this.repository.sum({ since: weekAgo, except, integration: run.integration }, session),
        active: activeBefore(integration.activeByDay, weekAgo),
      },
      day: {
        swept: await this.repository.sum({ since: dayAgo, except }, session),
        active: await this.repository.activeSaasUsers(),
      },
    };
  }

  /**
   * Reserves a sweep in the transaction that writes its verdict (A12): of two at once, one waits and then sees the other.
   * @throws NoRoom
   */
  async reserve(
    session: Session,
    run: RunDocument,
    integration: IntegrationDocument,
    amounts: { readonly staged: number; readonly approved: number },
  ): Promise<void> {
    const at = this.databases.time();
    await this.repository.meetOthers(session);
    const sums = await this.sums(run, integration, session);
    const reasons = sumReasons(amounts, integration.deactivationLimit, sums);
    if (reasons.length > 0) throw new NoRoom(reasons);
    const count = amounts.staged - amounts.approved;
    await this.repository.put(session, { _id: run._id, integration: run.integration, at, count });
  }

  /** What became of a reservation: what was not swept is free again. */
  async settle(session: Session, run: string, deactivated: number): Promise<void> {
    await this.repository.lower(session, run, deactivated);
  }

  async settings(session?: Session): Promise<GuardSettings> {
    const { version, approvalByEditor } = await this.repository.readSettings(session);
    return { version, approvalByEditor };
  }

  async setSettings(
    session: Session,
    { approvalByEditor }: Pick<GuardSettings, 'approvalByEditor'>,
  ): Promise<GuardSettings> {
    const after = await this.repository.writeSettings(session, approvalByEditor);
    return { version: after.version, approvalByEditor: after.approvalByEditor };
  }
}
