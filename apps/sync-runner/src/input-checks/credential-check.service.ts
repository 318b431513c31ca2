import { Injectable } from '@nestjs/common';
import { type CredentialDocument, type IntegrationDocument, isDuplicateKey } from '@rollcall/collections';
import { type Connector, filledInputs } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import {
  AppError,
  type checkCredential,
  type CredentialTest,
  type InputOf,
  reportCredential,
} from '@rollcall/contracts';
import { Outbox } from '@rollcall/messaging';

import { credentialNotUsable, integrationNotFound, unknownConnector } from '../integrations/integrations.errors.js';
import { checkInputs, chooseLoad, loadWithInputs } from '../integrations/settings-check.js';
import { type QuickRequestOptions, VendorsService } from '../vendors/vendors.service.js';
import { CredentialSteps } from './credential-steps.js';
import { CredentialsRepository } from './credentials.repository.js';

const refusals: ReadonlySet<string> = new Set(['vendor-auth-rejected', 'vendor-forbidden']);
/** Too many requests, whoever sent them, say nothing about the credential. */
const rateLimits: ReadonlySet<string> = new Set(['vendor-rate-limited']);

type Request = InputOf<typeof checkCredential>;

/** What a credential is tried with. */
export interface CheckSettings {
  readonly load: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** *Authenticate*: tries a credential with the vendor's cheapest read, under a lease with purpose `check` (R10). */
@Injectable()
export class CredentialCheckService {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly vendors: VendorsService,
    private readonly outbox: Outbox,
  ) {}

  async check(request: Request, command: string): Promise<CredentialTest> {
    const { draft } = request;
    if (draft !== undefined) return this.tryDraft(request, draft, command);
    const credential = await this.credentials.find(request.credential);
    if (credential === null) {
      throw new AppError(
        'credential-not-found',
        `There is no credential ${request.credential}. Choose one from the list.`,
      );
    }
    return this.try(credential, await this.settingsOf(request, credential), command, true);
  }

  /**
   * Asks the vendor, and tells the vault what it made of the credential.
   * @param isWhole reads users as a run would; else it only signs in
   */
  async try(
    credential: CredentialDocument,
    settings: CheckSettings,
    command: string,
    isWhole = false,
  ): Promise<CredentialTest> {
    const { name, baseUrl, consentUrl = null } = credential;
    const { manifest } = connectorOf(credential.connector);
    let secretVersion: number | null = null;
    const result = await new CredentialSteps(
      { manifest, baseUrl, consentUrl, credential: name },
      {
        probe: (url) => this.vendors.probe(url),
        open: async () => {
          const vendor = await this.vendors.openQuickly(quickRequest(credential._id, manifest.id, settings, command));
          ({ secretVersion } = vendor.lease);
          return vendor;
        },
      },
    ).take(isWhole);
    // One cheap question proves too little to end a secret that works.
    const isProof = isWhole || !result.ok || (credential.previous ?? null) === null;
    if (secretVersion !== null && isProof) await this.tellVault(credential, secretVersion, result, command);
    return result;
  }

  /** Of a credential that is not stored yet nobody is told anything. */
  private async tryDraft(
    { credential, load, inputs, integration }: Request,
    { connector: id, baseUrl, consentUrl }: NonNullable<Request['draft']>,
    command: string,
  ): Promise<CredentialTest> {
    const connector = connectorOf(id);
    const stored = integration === undefined ? null : await this.credentials.findIntegration(integration);
    if (integration !== undefined && stored === null) throw integrationNotFound(integration);
    if (stored !== null && stored.connector !== id) {
      throw credentialNotUsable(`"${stored.name}" reads another vendor. Name an integration of this one.`);
    }
    // One budget for all drafts of a vendor: each has a new id, and the vendor counts by account.
    const budget = `drafts of ${id} at ${new URL(baseUrl).origin}`;
    const settings =
      stored === null
        ? givenSettings(connector, load ?? null, inputs ?? {})
        : givenSettings(connector, stored.load, stored.inputs);
    return new CredentialSteps(
      { manifest: connector.manifest, baseUrl, consentUrl, credential: null },
      {
        probe: (url) => this.vendors.probe(url),
        open: () => this.vendors.openQuickly({ ...quickRequest(credential, id, settings, command), budget }),
      },
    ).take(true);
  }

  /** Load and inputs as a run would have them. @throws IntegrationError */
  private async settingsOf(request: Request, credential: CredentialDocument): Promise<CheckSettings> {
    const connector = connectorOf(credential.connector);
    const { load, inputs } = request;
    if (load !== undefined || inputs !== undefined) return givenSettings(connector, load ?? null, inputs ?? {});
    const integration = await this.integrationFor(request.integration, credential);
    if (integration === null) return givenSettings(connector, null, {});
    return {
      load: integration.load,
      inputs: filledInputs(connector.manifest, integration.load, integration.inputs),
    };
  }

  /** The named one, or the only one that uses the credential. @throws IntegrationError */
  private async integrationFor(
    id: string | undefined,
    { _id, name, connector }: CredentialDocument,
  ): Promise<IntegrationDocument | null> {
    if (id === undefined) return this.credentials.findOnlyUser(_id);
    const integration = await this.credentials.findIntegration(id);
    if (integration === null) throw integrationNotFound(id);
    if (integration.connector === connector) return integration;
    throw credentialNotUsable(`Credential "${name}" belongs to another connector than "${integration.name}".`);
  }

  /** What the vendor made of it, if that is news to the vault (V19, F4). */
  private async tellVault(
    { _id, attention, previous = null }: CredentialDocument,
    secretVersion: number,
    { code, message, steps }: CredentialTest,
    command: string,
  ): Promise<void> {
    // Who may list and not read a single user runs with less evidence, and is not refused.
    const isOfOne = steps.some(({ step, state }) => step === 'permissions' && state === 'failed');
    if (isOfOne) return;
    const isRefused = code !== null && refusals.has(code);
    const isNews = attention !== null || previous !== null;
    if (!isRefused && !(code === null && isNews)) return;
    try {
      await this.credentials.inTransaction((session) =>
        this.outbox.command(session, reportCredential, {
          key: command,
          aggregate: _id,
          actor: 'sync-runner',
          correlationId: command,
          input: { credential: _id, secretVersion, refused: isRefused ? { code, message } : null },
        }),
      );
    } catch (error) {
      // A command that is tried again has told it already.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** What no integration has yet, checked as it would be there. @throws IntegrationError */
function givenSettings(connector: Connector, wanted: string | null, inputs: CheckSettings['inputs']): CheckSettings {
  const { manifest } = connector;
  const load = chooseLoad(manifest, wanted ?? loadWithInputs(manifest, inputs));
  checkInputs(connector, { load, inputs: { ...inputs } });
  return { load, inputs: filledInputs(manifest, load, inputs) };
}

/** Whether the vendor was asked too often, which says nothing about the credential. */
export function isRateLimited({ code }: CredentialTest): boolean {
  return code !== null && rateLimits.has(code);
}

/** @throws IntegrationError unknown-connector */
function connectorOf(id: string): Connector {
  const connector = Object.hasOwn(connectors, id) ? connectors[id] : undefined;
  if (connector === undefined) throw unknownConnector(id);
  return connector;
}

function quickRequest(
  credential: string,
  connector: string,
  { load, inputs }: CheckSettings,
  command: string,
): QuickRequestOptions {
  return { connector, credential, purpose: { kind: 'check', reference: command }, inputs, load };
}
