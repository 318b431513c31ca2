import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, type IntegrationDocument, isDuplicateKey } from '@rollcall/collections';
import {
  type Connector,
  type ConnectorContext,
  describeVendorError,
  filledInputs,
  VendorError,
} from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import {
  AppError,
  type checkCredential,
  type CredentialTest,
  type InputOf,
  reportCredential,
} from '@rollcall/contracts';
import { Outbox, OutboxRelay } from '@rollcall/messaging';
import { LeaseError } from '@rollcall/vendor-access';

import { credentialNotUsable, integrationNotFound, unknownConnector } from '../integrations/integrations.errors.js';
import { checkInputs, chooseLoad, loadWithInputs } from '../integrations/settings-check.js';
import { type OpenVendor, VendorsService } from '../vendors/vendors.service.js';
import { CredentialsRepository } from './credentials.repository.js';

const refusals: ReadonlySet<string> = new Set(['vendor-auth-rejected', 'vendor-forbidden']);
/** Asked too often, by whomever: that says nothing about the credential. */
const ourHaste: ReadonlySet<string> = new Set(['vendor-rate-limited']);

type Request = InputOf<typeof checkCredential>;

/** What a credential is tried with. */
export interface Trial {
  readonly load: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** *Authenticate*: tries a credential with the vendor's cheapest read, under a lease with purpose `check` (R10). */
@Injectable()
export class CredentialCheckService {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(VendorsService) private readonly vendors: VendorsService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
  ) {}

  async check(request: Request, command: string): Promise<CredentialTest> {
    const credential = await this.credentials.find(request.credential);
    if (credential === null) {
      throw new AppError(
        'credential-not-found',
        `There is no credential ${request.credential}. Choose one from the list.`,
      );
    }
    return this.try(credential, await this.trialOf(request, credential), command);
  }

  /** Asks the vendor, and tells the vault what it made of the credential. */
  async try(credential: CredentialDocument, { load, inputs }: Trial, command: string): Promise<CredentialTest> {
    try {
      const { connector, context, lease } = await this.vendors.openQuickly({
        connector: credential.connector,
        credential: credential._id,
        purpose: { kind: 'check', reference: command },
        inputs,
        load,
      });
      const result = await ask(connector, context, credential.name);
      await this.tellVault(credential, lease.secretVersion, result, command);
      return result;
    } catch (error) {
      if (error instanceof LeaseError) return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  }

  /** Load and inputs as a run would have them. @throws IntegrationError */
  private async trialOf(request: Request, credential: CredentialDocument): Promise<Trial> {
    const connector = Object.hasOwn(connectors, credential.connector) ? connectors[credential.connector] : undefined;
    if (connector === undefined) throw unknownConnector(credential.connector);
    const { load, inputs } = request;
    if (load !== undefined || inputs !== undefined) return givenTrial(connector, load ?? null, inputs ?? {});
    const integration = await this.integrationFor(request.integration, credential);
    if (integration === null) return givenTrial(connector, null, {});
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
    { _id, attention }: CredentialDocument,
    secretVersion: number,
    { code, message }: CredentialTest,
    command: string,
  ): Promise<void> {
    const isRefused = code !== null && refusals.has(code);
    if (!isRefused && !(code === null && attention !== null)) return;
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
    this.relay.wake();
  }
}

/** What no integration has yet, checked as it would be there. @throws IntegrationError */
function givenTrial(connector: Connector, wanted: string | null, inputs: Trial['inputs']): Trial {
  const { manifest } = connector;
  const load = chooseLoad(manifest, wanted ?? loadWithInputs(manifest, inputs));
  checkInputs(connector, { load, inputs: { ...inputs } });
  return { load, inputs: filledInputs(manifest, load, inputs) };
}

/** Whether a failed test says nothing about the credential. */
export function isOurHaste({ code }: CredentialTest): boolean {
  return code !== null && ourHaste.has(code);
}

async function ask(
  connector: OpenVendor['connector'],
  context: ConnectorContext,
  credential: string,
): Promise<CredentialTest> {
  const { name } = connector.manifest;
  try {
    await connector.check(context);
    return { ok: true, code: null, message: `${name} accepted the credential "${credential}".` };
  } catch (error) {
    if (context.signal?.aborted === true) {
      const message = `${name} did not answer in time. Look at the status page of the vendor, then try again.`;
      return { ok: false, code: 'vendor-timeout', message };
    }
    if (error instanceof VendorError) return { ok: false, code: error.code, message: describeVendorError(error) };
    throw error;
  }
}
