import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, type RunDocument } from '@rollcall/collections';
import { filledInputs } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { authSchemeFor, ownUsersOf, type Pinned, type RunProblem } from '@rollcall/contracts';

import { IntegrationsService } from '../integrations/integrations.service.js';
import { type Ready, unmappedText } from '../integrations/readiness.js';
import { fingerprintOf, pin } from '../reading/pin.js';
import { ProgressMeter } from '../reading/progress-meter.js';
import { duplicateProblems, type Reading, ReadingService } from '../reading/reading.service.js';
import { driftBetween, ShapeSampler } from '../reading/record-shape.js';
import { mostRefetches } from '../runs/generation.js';
import { RunsService } from '../runs/runs.service.js';
import { type OpenVendor, type VendorRequestOptions, VendorsService } from '../vendors/vendors.service.js';
import type { ClaimedRun } from './claimed-run.js';
import { fetchStep, stepDone } from './user-steps.js';

/** Takes a claimed run from planned or reading to judging: pins what reads it, then reads the whole vendor. */
@Injectable()
export class RunReaderService {
  constructor(
    private readonly runs: RunsService,
    private readonly integrations: IntegrationsService,
    private readonly vendors: VendorsService,
    private readonly reading: ReadingService,
    private readonly databases: Databases,
  ) {}

  /** The vendor stays open for the questions that judging may have. */
  async read(claimed: ClaimedRun): Promise<OpenVendor> {
    const integration = await this.integrations.get(claimed.run.integration);
    const ready = await this.integrations.ready(integration);
    const meter = new ProgressMeter(
      (progress) => this.runs.noteProgress(claimed.claim, progress),
      () => this.databases.timeMs(),
    );
    const { credential, mappedProperties: properties } = ready;
    const vendor = await this.openVendor(claimed, integration, credential._id, { meter, properties });
    const scope = this.scopeOf(integration, ready, vendor);
    const ownUsers = await ownUsersIn(ready, vendor);
    const sampler = new ShapeSampler();
    const reading: Reading = {
      vendor,
      meter,
      sampler,
      run: () => claimed.run,
      checkHeld: claimed.checkHeld,
      pin: (startedAt) => this.pinOf(claimed, integration, ready, vendor, { startedAt, ownUsers }),
      starting: (pinned) => this.starting(claimed, pinned),
      refetch: () => this.refetch(claimed),
    };
    if (claimed.run.subject !== null) {
      await this.readUser(claimed, reading, ready);
      return vendor;
    }
    const summary = await this.reading.read(reading);
    claimed.run = await this.runs.change(claimed.claim, claimed.run, 'judging', {
      endSent: true,
      ...acceptedBy(vendor),
      progress: meter.now(),
      evidence: { pages: summary.pages, distinct: summary.distinct, total: summary.total },
      problems: [...duplicateProblems(summary.duplicates), ...unmappedProblems(ready, summary.distinct)],
      ...shapeFields(sampler, integration),
      // A secret replaced while reading may see other users: such a read vouches for nothing (evidence e).
      scopeFingerprint: this.scopeOf(integration, ready, vendor) === scope ? scope : null,
    });
    return vendor;
  }

  private async readUser(claimed: ClaimedRun, reading: Reading, { manifest, credential }: Ready): Promise<void> {
    const subject = claimed.run.subject!;
    const connect = stepDone('connect', `${manifest.name} accepted the credential "${credential.name}".`);
    const answer = await this.reading.readUser(reading, subject);
    claimed.run = await this.runs.change(claimed.claim, claimed.run, 'judging', {
      endSent: true,
      ...acceptedBy(reading.vendor),
      progress: reading.meter.now(),
      evidence: { pages: 1, distinct: answer.kind === 'found' ? 1 : 0, total: null },
      subject: { ...subject, steps: [connect, fetchStep(answer, manifest.name)] },
    });
  }

  /** For a run that another holder read: asks by id what its listing left open. */
  async reopen(claimed: ClaimedRun): Promise<OpenVendor> {
    const integration = await this.integrations.get(claimed.run.integration);
    return this.openVendor(claimed, integration, claimed.run.pinned?.credential ?? integration.credential ?? '');
  }

  private async openVendor(
    claimed: ClaimedRun,
    integration: IntegrationDocument,
    credential: string,
    reading: Pick<VendorRequestOptions, 'meter' | 'properties'> = {},
  ): Promise<OpenVendor> {
    return this.vendors.open({
      connector: integration.connector,
      credential,
      purpose: { kind: 'run', reference: claimed.run._id },
      inputs: filledInputs(connectors[integration.connector]!.manifest, integration.load, integration.inputs),
      load: integration.load,
      signal: claimed.signal,
      checkHeld: claimed.checkHeld,
      ...reading,
    });
  }

  private pinOf(
    claimed: ClaimedRun,
    integration: IntegrationDocument,
    ready: Ready,
    { lease }: OpenVendor,
    read: Pick<Pinned, 'startedAt' | 'ownUsers'>,
  ): Pinned {
    return pin({ ...ready, run: claimed.run, integration, secretVersion: lease.secretVersion, ...read });
  }

  /** Before START leaves, the run says so: a run that was never started needs no ABORT (A10). */
  private async starting(claimed: ClaimedRun, pinned: Pinned): Promise<void> {
    claimed.checkHeld();
    const startedAt = claimed.run.startedAt ?? pinned.startedAt;
    claimed.run =
      claimed.run.state === 'planned'
        ? await this.runs.change(claimed.claim, claimed.run, 'reading', { pinned, startedAt })
        : await this.runs.note(claimed.claim, 'reading', { pinned, startedAt });
    claimed.openGeneration = claimed.run.generation;
  }

  private async refetch(claimed: ClaimedRun): Promise<boolean> {
    claimed.checkHeld();
    if (claimed.run.refetches >= mostRefetches) return false;
    claimed.run = await this.runs.refetch(claimed.claim, claimed.run);
    return true;
  }

  private scopeOf(
    { load, inputs }: IntegrationDocument,
    { manifest, credential }: Ready,
    { lease }: OpenVendor,
  ): string {
    return fingerprintOf({
      connectorVersion: manifest.version,
      load,
      inputs,
      credential: credential._id,
      secretVersion: lease.secretVersion,
      baseUrl: lease.baseUrl,
    });
  }
}

/** Not what the lease holds: that may have been renewed since the last answer. */
function acceptedBy({ lease: { acceptedSecret } }: OpenVendor): Pick<RunDocument, 'acceptedSecret'> {
  return acceptedSecret === undefined ? {} : { acceptedSecret };
}

/** The credential's own users at the vendor, as it names them and as its fields do. */
async function ownUsersIn({ manifest, credential }: Ready, { lease }: OpenVendor): Promise<string[]> {
  const material = await lease.material(manifest);
  return ownUsersOf(authSchemeFor(manifest, material), credential, material.fields);
}

function shapeFields(
  sampler: ShapeSampler,
  { shape: before }: IntegrationDocument,
): Pick<RunDocument, 'shape' | 'drift'> {
  const shape = sampler.isTelling ? sampler.shape() : null;
  return { shape, drift: shape === null ? [] : driftBetween(before, shape) };
}

/** Users are written all the same: a field that somebody made required must not keep leavers from being seen. */
function unmappedProblems({ unmappedRequired }: Ready, users: number): RunProblem[] {
  if (users === 0) return [];
  return unmappedRequired.map((label) => ({
    code: 'required-field-unmapped',
    message: unmappedText(label),
    count: users,
    samples: [],
  }));
}
