import { Inject, Injectable } from '@nestjs/common';
import { describeVendorError, VendorError } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { createIntegration, type InputOf, launchIntegration, updateIntegration } from '@rollcall/contracts';
import { type PreparationContext, PrepareCommand } from '@rollcall/messaging';

import { filledInputs, isTriedAtVendor } from '../integrations/inputs.js';
import { inputsRefused } from '../integrations/integrations.errors.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { chooseLoad } from '../integrations/settings-check.js';
import { LeaseError } from '../leases/leases.errors.js';
import { VendorAccess } from '../leases/vendor-access.js';

interface Trial {
  readonly connector: string;
  readonly load: string;
  readonly credential: string | null;
  readonly inputs: Readonly<Record<string, string>>;
  /** Runs start by themselves with these inputs, so an answer is needed. */
  readonly isStrict: boolean;
}

/**
 * Tries inputs that the vendor judges, a filter for example, before they are saved (R59): else a bad one would be noticed
 * by the next run, or worse, make its listing look empty. A draft is saved also when the vendor cannot be asked, because
 * its launch asks again.
 */
@Injectable()
export class TrialsService {
  constructor(
    @Inject(IntegrationsService) private readonly integrations: IntegrationsService,
    @Inject(VendorAccess) private readonly access: VendorAccess,
  ) {}

  @PrepareCommand(createIntegration)
  async beforeCreate(input: InputOf<typeof createIntegration>, context: PreparationContext): Promise<void> {
    const connector = Object.hasOwn(connectors, input.connector) ? connectors[input.connector] : undefined;
    if (connector === undefined || input.installation === 'local') return;
    const load = chooseLoad(connector.manifest, input.load);
    const { credential = null, inputs = {} } = input;
    await this.try({ connector: input.connector, load, credential, inputs, isStrict: false }, context);
  }

  @PrepareCommand(updateIntegration)
  async beforeUpdate(input: InputOf<typeof updateIntegration>, context: PreparationContext): Promise<void> {
    if (input.inputs === undefined && input.credential === undefined) return;
    const before = await this.integrations.get(input.id);
    const { connector, load, state } = before;
    const { credential = before.credential, inputs = before.inputs } = input;
    await this.try({ connector, load, credential, inputs, isStrict: state === 'active' }, context);
  }

  @PrepareCommand(launchIntegration)
  async beforeLaunch({ id }: InputOf<typeof launchIntegration>, context: PreparationContext): Promise<void> {
    const { connector, load, credential, inputs, state } = await this.integrations.get(id);
    if (state !== 'active') await this.try({ connector, load, credential, inputs, isStrict: true }, context);
  }

  private async try(trial: Trial, context: PreparationContext): Promise<void> {
    const { connector: id, load, credential, isStrict } = trial;
    const connector = Object.hasOwn(connectors, id) ? connectors[id] : undefined;
    if (connector === undefined || credential === null || !isTriedAtVendor(connector.manifest, load)) return;
    const inputs = filledInputs(connector.manifest, load, trial.inputs);
    // What the connector itself finds wrong is refused in the transaction, without asking anybody.
    if ((connector.inputProblems?.(load, inputs) ?? []).length > 0) return;
    try {
      await this.ask(id, load, credential, inputs, context.id);
    } catch (error) {
      const why = refusalIn(error, isStrict);
      if (why !== null) throw inputsRefused(why);
    }
  }

  private async ask(
    connector: string,
    load: string,
    credential: string,
    inputs: Trial['inputs'],
    reference: string,
  ): Promise<void> {
    const opened = await this.access.openQuickly({
      connector,
      credential,
      purpose: { kind: 'check', reference },
      inputs,
      load,
    });
    await opened.connector.check(opened.context);
  }
}

/** Why the inputs are refused, null when they may be saved. Throws what is no answer of vendor or vault. */
function refusalIn(error: unknown, isStrict: boolean): string | null {
  if (error instanceof VendorError && error.code === 'vendor-refused') return error.message;
  if (error instanceof VendorError) return isStrict ? `They could not be tried: ${describeVendorError(error)}` : null;
  if (error instanceof LeaseError) return isStrict ? `They could not be tried: ${error.message}` : null;
  throw error;
}
