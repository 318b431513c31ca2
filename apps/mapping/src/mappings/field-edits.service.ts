import { Injectable } from '@nestjs/common';
import type { createField, InputOf, PeopleField, ResultOf, updateField } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { FieldsRepository } from '../fields/fields.repository.js';
import { refuseTooManyFilterable } from '../fields/filterable-fields.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { uniqueSettings } from '../people/keys.js';
import { builtIn, fieldTaken, inUse, unknownField } from './mappings.errors.js';
import { MappingsRepository } from './mappings.repository.js';

/** What people change about the fields that mappings fill. */
@Injectable()
export class FieldEditsService {
  constructor(
    private readonly repository: MappingsRepository,
    private readonly fields: FieldsRepository,
    private readonly settings: FoldSettingsRepository,
  ) {}

  async createField(
    field: InputOf<typeof createField>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createField>> {
    const { session } = context;
    const all = await this.fields.all(session);
    if (all.some(({ variable }) => variable === field.variable)) throw fieldTaken(field.variable);
    refuseTooManyFilterable([...all, field]);
    await this.fields.add(session, [field], { by: context.actor });
    if (field.unique) await this.takeUniqueFields(context);
    return { field };
  }

  async updateField(
    { variable, ...changes }: InputOf<typeof updateField>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateField>> {
    const { session } = context;
    const all = await this.fields.all(session);
    const before = all.find((field) => field.variable === variable);
    if (before === undefined) throw unknownField(variable);
    if (before.builtIn && (changes.required !== undefined || changes.unique !== undefined)) throw builtIn(before.label);
    if (changes.unique === false && (await this.repository.isSyncKey(variable, session))) throw inUse(before.label);
    if (changes.filterable)
      refuseTooManyFilterable(all.map((one) => (one === before ? { ...one, filterable: true } : one)));
    const after = await this.fields.change(session, before, changes, context.actor);
    if (changes.unique !== undefined && changes.unique !== before.unique) await this.takeUniqueFields(context);
    return { field: recordOf(after) };
  }

  /** Values of unique fields are keys of people, so everybody is folded again (D1, D4). */
  async takeUniqueFields({ session, actor }: CommandContext): Promise<void> {
    const before = await this.settings.get(session);
    const unique = uniqueSettings(await this.fields.all(session));
    const edit = edited(
      before,
      { by: actor, what: 'The unique people fields were changed.', integration: null },
      this.settings.time(),
    );
    await this.settings.replace(session, before, { ...before, ...edit, ...unique });
  }
}

function recordOf({ variable, label, type, unique, required, caseSensitive, filterable }: PeopleField): PeopleField {
  const marks = {
    ...(caseSensitive !== undefined && { caseSensitive }),
    ...(filterable !== undefined && { filterable }),
  };
  return { variable, label, type, unique, required, ...marks };
}
