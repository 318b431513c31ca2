import { Injectable } from '@nestjs/common';
import {
  credentials,
  Databases,
  integrations,
  mailServers,
  outgoingMail,
  peoplePlans,
  positions,
  queryTimeMs,
  readings,
  recordEpochs,
  runs,
  trusted,
} from '@rollcall/collections';
import { type IntegrationState, isEnded, type RecordsStand, runStates, type SystemHealth } from '@rollcall/contracts';
import { HealthRegistry } from '@rollcall/observability';

import { openApiDocument } from '../openapi/openapi-document.js';

const options = { maxTimeMS: queryTimeMs };

/** Most troubled things listed of each kind; more are found by their own lists. */
const mostListed = 50;

/** Open runs looked at: one for each integration at most (A3). */
const mostOpen = 5_000;
const silentAfterMs = 15 * 60 * 1000;

const openStates = runStates.filter((state) => !isEnded(state));

@Injectable()
export class SystemQueries {
  constructor(
    private readonly databases: Databases,
    private readonly registry: HealthRegistry,
  ) {}

  async health(): Promise<SystemHealth> {
    const [
      report,
      counts,
      openRuns,
      troubledRuns,
      heldPeoplePlans,
      troubledCredentials,
      silentRuns,
      onHold,
      taintedReadings,
      positionList,
      mail,
    ] = await Promise.all([
      this.registry.report(),
      this.integrations(),
      this.databases.model(runs).countDocuments({ state: trusted({ $in: openStates }) }, options),
      this.troubledRuns(),
      this.heldPeoplePlans(),
      this.troubledCredentials(),
      this.silentRuns(),
      this.deactivationsOnHold(),
      this.taintedReadings(),
      this.positions(),
      this.mail(),
    ]);
    const troubles = [troubledRuns, heldPeoplePlans, troubledCredentials, silentRuns, onHold, taintedReadings];
    const isFine = report.ok && mail?.reachable !== false && troubles.every(({ length }) => length === 0);
    return {
      status: isFine ? 'ok' : 'attention',
      checks: report.checks,
      integrations: counts,
      openRuns,
      troubledRuns,
      heldPeoplePlans,
      troubledCredentials,
      silentRuns,
      deactivationsOnHold: onHold,
      taintedReadings,
      mail,
      positions: positionList,
    };
  }

  async records(): Promise<RecordsStand> {
    const stored = await this.databases.model(recordEpochs).findOne({ _id: 'records' }, null, options).lean();
    return {
      epoch: stored?.epoch ?? null,
      since: stored?.since.toISOString() ?? null,
      isResyncing: (stored?.resync ?? null) !== null,
    };
  }

  async openApi() {
    return openApiDocument();
  }

  private async mail(): Promise<SystemHealth['mail']> {
    const found = await this.databases.model(mailServers).findOne({ _id: 'mail-server' }, null, options).lean();
    if (found === null) return null;
    const { _id, ...state } = found;
    return {
      ...state,
      queued: await this.databases.model(outgoingMail).countDocuments({ state: 'queued' }, options),
    };
  }

  private async integrations() {
    const collection = this.databases.model(integrations);
    const count = (state: IntegrationState) => collection.countDocuments({ state }, options);
    const [draft, active, paused] = await Promise.all([count('draft'), count('active'), count('paused')]);
    return { draft, active, paused };
  }

  /** Last runs of integrations, where they failed or were held. */
  private async troubledRuns() {
    const last = await this.databases
      .model(integrations)
      .find({ lastRun: trusted({ $ne: null }) }, { lastRun: 1 }, options)
      .lean();
    const found = await this.databases
      .model(runs)
      .find(
        { _id: trusted({ $in: last.map(({ lastRun }) => lastRun!) }), state: trusted({ $in: ['failed', 'held'] }) },
        null,
        {
          ...options,
          limit: mostListed,
        },
      )
      .lean();
    return found.map(({ _id, integration, state, reason }) => ({
      integration,
      run: _id,
      state,
      reason: reason?.message ?? null,
    }));
  }

  private async heldPeoplePlans() {
    const found = await this.databases
      .model(peoplePlans)
      .find({ state: 'held' }, null, { ...options, limit: mostListed })
      .lean();
    return found.map(({ _id, change, staged, reasons }) => ({
      plan: _id,
      change,
      staged,
      reason: reasons.map(({ message }) => message).join(' ') || null,
    }));
  }

  private async troubledCredentials() {
    const found = await this.databases
      .model(credentials)
      .find({ attention: trusted({ $ne: null }) }, null, { ...options, limit: mostListed })
      .select({ name: 1, attention: 1 })
      .lean();
    return found.map(({ _id, name, attention }) => ({
      credential: _id,
      name,
      code: attention!.code,
      message: attention!.message,
    }));
  }

  /** A run shows a sign of life with every page; once it is read, mapping's report is the next one. */
  private async silentRuns() {
    const open = await this.databases
      .model(runs)
      .find({ state: trusted({ $in: openStates }), parkedUntil: null }, null, { ...options, limit: mostOpen })
      .select({ integration: 1, state: 1, plannedAt: 1, startedAt: 1, 'progress.at': 1 })
      .lean();
    const before = new Date(this.databases.timeMs() - silentAfterMs).toISOString();
    return open
      .map(({ _id, integration, state, plannedAt, startedAt, progress }) => {
        const since = [plannedAt, startedAt, progress?.at]
          .filter((at) => typeof at === 'string')
          .sort()
          .at(-1)!;
        return { integration, run: _id, state, since };
      })
      .filter(({ since }) => since < before)
      .slice(0, mostListed);
  }

  /** Nobody is deactivated there until a person turns it on again, which is easily forgotten. */
  private async deactivationsOnHold() {
    const found = await this.databases
      .model(integrations)
      .find({ 'deactivate.enabled': true, 'deactivate.onHold': true }, null, { ...options, limit: mostListed })
      .lean();
    return found.map(({ _id, name, deactivate: { heldBy } }) => ({
      integration: _id,
      name,
      run: heldBy?.run ?? null,
      since: heldBy?.at ?? null,
    }));
  }

  private async taintedReadings() {
    const found = await this.databases
      .model(readings)
      .find({ state: 'open', tainted: trusted({ $ne: null }) }, null, { ...options, limit: mostListed })
      .lean();
    return found.map(({ _id, tainted }) => ({ integration: _id, ...tainted! }));
  }

  private async positions() {
    const found = await this.databases
      .model(positions)
      .find({}, null, { ...options, sort: { _id: 1 } })
      .lean();
    return found.map(({ _id, offset, at }) => ({ partition: _id, offset, at: at.toISOString() }));
  }
}
