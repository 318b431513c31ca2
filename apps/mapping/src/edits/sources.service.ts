import { Injectable } from '@nestjs/common';
import { AppError, type InputOf, type ResultOf, setSourcesOfTruth } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { MappingsRepository } from '../mappings/mappings.repository.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { checkSources } from './sources-check.js';

/** Which integration is believed first for single attributes (D2). */
@Injectable()
export class SourcesService {
  constructor(
    private readonly settings: FoldSettingsRepository,
    private readonly mappings: MappingsRepository,
  ) {}

  @HandleCommand(setSourcesOfTruth)
  async set(
    { ifVersion, sources }: InputOf<typeof setSourcesOfTruth>,
    { session, actor }: CommandContext,
  ): Promise<ResultOf<typeof setSourcesOfTruth>> {
    const before = await this.settings.get(session);
    if (ifVersion !== null && ifVersion !== before.version) throw versionConflict(ifVersion, before.version);
    checkSources(sources, await this.mappings.allFields(session), before);
    const edit = edited(
      before,
      { by: actor, what: 'The sources of truth were changed.', integration: null },
      this.settings.time(),
    );
    await this.settings.replace(session, before, { ...before, ...edit, sources });
    return { version: edit.version, sources };
  }
}

const versionConflict = (expected: number, actual: number): AppError =>
  new AppError(
    'version-conflict',
    `Somebody else changed what folds people in the meantime (version ${actual}, yours is ${expected}). Look at it again, then repeat your change.`,
    { details: { expected, actual } },
  );
