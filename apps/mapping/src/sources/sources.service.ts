import { Injectable } from '@nestjs/common';
import { type InputOf, refuseOtherVersion, type ResultOf, type setSourcesOfTruth } from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import { FieldsRepository } from '../fields/fields.repository.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { checkSources } from './sources-check.js';

/** Which integration is believed first for single attributes (D2). */
@Injectable()
export class SourcesService {
  constructor(
    private readonly settings: FoldSettingsRepository,
    private readonly fields: FieldsRepository,
  ) {}

  async set(
    { ifVersion, sources }: InputOf<typeof setSourcesOfTruth>,
    { session, actor }: CommandContext,
  ): Promise<ResultOf<typeof setSourcesOfTruth>> {
    const before = await this.settings.get(session);
    refuseOtherVersion(ifVersion, before.version, 'what folds people');
    checkSources(sources, await this.fields.all(session), before);
    const edit = edited(
      before,
      { by: actor, what: 'The sources of truth were changed.', integration: null },
      this.settings.time(),
    );
    await this.settings.replace(session, before, { ...before, ...edit, sources });
    return { version: edit.version, sources };
  }
}
