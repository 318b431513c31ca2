import { Injectable } from '@nestjs/common';
import type { CredentialDocument, IntegrationDocument } from '@rollcall/collections';
import { type Connector, filledInputs, isTriedAtVendor } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import {
  createIntegration,
  type CredentialTest,
  type InputOf,
  launchIntegration,
  updateIntegration,
} from '@rollcall/contracts';
import { type PreparationContext, PrepareCommand } from '@rollcall/messaging';

import { credentialRefused, inputsRefused } from '../integrations/integrations.errors.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { chooseLoad } from '../integrations/settings-check.js';
import { CredentialCheckService, isRateLimited } from './credential-check.service.js';
import { CredentialsRepository } from './credentials.repository.js';

type Settings = Pick<IntegrationDocument, 'connector' | 'load' | 'credential' | 'inputs'>;

/** Settings that can be tried: all of it is there, and nothing is wrong that the connector itself can tell. */
interface CheckableSettings {
  readonly connector: Connector;
  readonly credential: CredentialDocument;
  readonly load: string;
  readonly inputs: Settings['inputs'];
}

/** Refusals that are about the credential, whatever the inputs are. */
const aboutCredential: ReadonlySet<string> = new Set([
  'vendor-auth-rejected',
  'vendor-forbidden',
  'token-refused',
  'secret-unreadable',
  'credential-not-found',
]);

/**
 * Tries credential and inputs at the vendor before they are used. Inputs that the vendor judges, a filter for example,
 * are tried when they are saved (R59): else a bad one would be noticed by the next run, or worse, make its listing look
 * empty. A draft is saved also when the vendor cannot be asked, because its launch asks again; what runs by itself needs an
 * answer.
 */
@Injectable()
export class InputChecksService {
  constructor(
    private readonly integrations: IntegrationsService,
    private readonly credentials: CredentialsRepository,
    private readonly checks: CredentialCheckService,
  ) {}

  @PrepareCommand(createIntegration)
  async beforeCreate(input: InputOf<typeof createIntegration>, context: PreparationContext): Promise<void> {
    const connector = connectorOf(input.connector);
    if (connector === null || input.installation === 'local') return;
    const load = chooseLoad(connector.manifest, input.load);
    const { credential = null, inputs = {} } = input;
    await this.tryInputs({ connector: input.connector, load, credential, inputs }, context);
  }

  @PrepareCommand(updateIntegration)
  async beforeUpdate(input: InputOf<typeof updateIntegration>, context: PreparationContext): Promise<void> {
    if (input.inputs === undefined && input.credential === undefined) return;
    const before = await this.integrations.get(input.id);
    const { credential = before.credential, inputs = before.inputs } = input;
    const wanted = { ...before, credential, inputs };
    await (before.state === 'active' ? this.insist(wanted, context) : this.tryInputs(wanted, context));
  }

  /** What is missing anyhow is said first, all at once. */
  @PrepareCommand(launchIntegration)
  async beforeLaunch({ id }: InputOf<typeof launchIntegration>, context: PreparationContext): Promise<void> {
    const integration = await this.integrations.get(id);
    if (integration.state === 'active' || !(await this.integrations.isLaunchable(integration))) return;
    await this.insist(integration, context);
  }

  private async tryInputs(settings: Settings, context: PreparationContext): Promise<void> {
    const wanted = await this.checkable(settings);
    if (wanted === null || !isTriedAtVendor(wanted.connector.manifest, wanted.load)) return;
    const result = await this.checks.try(wanted.credential, wanted, context.id);
    if (result.code === 'vendor-refused') throw inputsRefused(result.message);
  }

  private async insist(settings: Settings, context: PreparationContext): Promise<void> {
    const wanted = await this.checkable(settings);
    if (wanted === null) return;
    const result = await this.checks.try(wanted.credential, wanted, context.id);
    if (result.ok) return;
    const judgesInputs = isTriedAtVendor(wanted.connector.manifest, wanted.load);
    if (judgesInputs && !aboutCredential.has(result.code ?? '')) throw inputsRefused(inputsMessage(result));
    if (!isRateLimited(result)) throw credentialRefused(result.message);
  }

  /** What cannot be tried is refused in the transaction, without asking anybody. */
  private async checkable(settings: Settings): Promise<CheckableSettings | null> {
    const connector = connectorOf(settings.connector);
    if (connector === null || settings.credential === null) return null;
    const { load } = settings;
    const inputs = filledInputs(connector.manifest, load, settings.inputs);
    if ((connector.inputProblems?.(load, inputs) ?? []).length > 0) return null;
    const credential = await this.credentials.find(settings.credential);
    if (credential?.connector !== settings.connector) return null;
    return { connector, credential, load, inputs };
  }
}

function connectorOf(id: string): Connector | null {
  return Object.hasOwn(connectors, id) ? connectors[id]! : null;
}

function inputsMessage({ code, message }: CredentialTest): string {
  return code === 'vendor-refused' ? message : `They could not be tried: ${message}`;
}
