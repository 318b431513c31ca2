import { Inject, Injectable } from '@nestjs/common';
import { AppError, type InputOf, type ResultOf, setSourcesOfTruth } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { MappingsRepository } from '../mappings/mappings.repository.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { unknownField } from './edits.errors.js';

/** Which integration is believed first for single attributes (D2). */
@Injectable()
export class SourcesService {
  constructor(
    @Inject(FoldSettingsRepository) private readonly settings: FoldSettingsRepository,
    @Inject(MappingsRepository) private readonly mappings: MappingsRepository,
  ) {}

  @HandleCommand(setSourcesOfTruth)
  async set(
    { ifVersion, sources }: InputOf<typeof setSourcesOfTruth>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof setSourcesOfTruth>> {
    const before = await this.settings.get(session);
    if (ifVersion !== null && ifVersion !== before.version) throw versionConflict(ifVersion, before.version);
    const fields = new Set((await this.mappings.allFields(session)).map(({ variable }) => variable));
    for (const [field, order] of Object.entries(sources)) {
      if (!fields.has(field)) throw unknownField(field);
      const stranger = order.find((integration) => !Object.hasOwn(before.integrations, integration));
      if (stranger !== undefined) throw integrationNotFound(stranger);
    }
    const version = before.version + 1;
    // Whom it concerns is not known without folding, so everybody is folded again (D1).
    await this.settings.replace(session, before, { ...before, version, concerns: version, sources });
    return { version, sources };
  }
}

const versionConflict = (expected: number, actual: number): AppError =>
  new AppError(
    'version-conflict',
    `Somebody changed what folds people meanwhile (version ${actual}, yours is ${expected}). Look at it again, then repeat your change.`,
    { details: { expected, actual } },
  );

const integrationNotFound = (id: string): AppError =>
  new AppError(
    'integration-not-found',
    `There is no integration ${id} among the sources. See the list of integrations.`,
  );
