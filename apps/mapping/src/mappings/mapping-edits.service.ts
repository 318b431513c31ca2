import { isDeepStrictEqual } from 'node:util';

import { Injectable } from '@nestjs/common';
import type { ClientSession } from '@rollcall/collections';
import {
  type evaluateMapping,
  type InputOf,
  type PeopleField,
  refuseOtherVersion,
  type ResultOf,
  type updateMapping,
} from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import { ExpressionsService } from '../expressions/expressions.service.js';
import { FieldsRepository } from '../fields/fields.repository.js';
import { refuseTooManyFilterable } from '../fields/filterable-fields.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { compileMapping } from './compile-mapping.js';
import { definitionFaults } from './definition-check.js';
import { evaluateSamples } from './evaluate-samples.js';
import { FieldEditsService } from './field-edits.service.js';
import { integrationNotFound, mappingInvalid } from './mappings.errors.js';
import { MappingsRepository } from './mappings.repository.js';
import { SamplesService } from './samples.service.js';
import { secondaryKeysOf, withSecondaryKeys } from './secondary-keys.js';

/** What people change about mappings. Runs see it from their next START on. */
@Injectable()
export class MappingEditsService {
  constructor(
    private readonly repository: MappingsRepository,
    private readonly fields: FieldsRepository,
    private readonly fieldEdits: FieldEditsService,
    private readonly settings: FoldSettingsRepository,
    private readonly samples: SamplesService,
    private readonly expressions: ExpressionsService,
  ) {}

  async update(
    { integration, ifVersion, definition, newFields }: InputOf<typeof updateMapping>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateMapping>> {
    const { session } = context;
    const latest = await this.repository.latest(session, integration);
    if (latest === null) throw integrationNotFound(integration);
    refuseOtherVersion(ifVersion, latest.version, 'the mapping');
    await this.check(definition, newFields, session);
    await this.fields.add(session, newFields, { by: context.actor });
    if (newFields.some(({ unique }) => unique)) await this.fieldEdits.takeUniqueFields(context);
    await this.takeSecondaryKeys(context, integration, secondaryKeysOf(definition));
    const version = latest.version + 1;
    const { createdAt } = await this.repository.add(session, integration, version, definition, context.actor);
    return { integration, version, definition, createdAt: createdAt.toISOString() };
  }

  async evaluate(
    { integration, definition, newFields }: InputOf<typeof evaluateMapping>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof evaluateMapping>> {
    const latest = await this.repository.newest(integration);
    if (latest === null) throw integrationNotFound(integration);
    const wanted = definition ?? latest.definition;
    const fields = await this.check(wanted, newFields);
    const sampled = await this.samples.of(integration);
    const mapping = compileMapping(latest.version, wanted, fields, this.expressions.forSamples);
    return evaluateSamples(mapping, sampled?.users ?? [], sampled?.at ?? null);
  }

  /** All fields, those to come included. @throws AppError mapping-invalid, naming every fault; too-many-filterable-fields */
  private async check(
    definition: InputOf<typeof updateMapping>['definition'],
    newFields: readonly PeopleField[],
    session?: ClientSession,
  ): Promise<PeopleField[]> {
    const existing = await this.fields.all(session);
    const taken = newFields.filter(({ variable }) => existing.some((field) => field.variable === variable));
    const fields = [...existing, ...newFields];
    const faults = [
      ...taken.map(
        ({ variable }) => `There is a people field "${variable}" already. Map to it, or give the new one another name.`,
      ),
      ...definitionFaults(definition, fields),
    ];
    if (faults.length > 0) throw mappingInvalid(faults);
    refuseTooManyFilterable(fields);
    return fields;
  }

  /** Who gives these values is part of the fold, so everybody is folded again where it changes (D1). */
  private async takeSecondaryKeys(
    { session, actor }: CommandContext,
    integration: string,
    keys: string[],
  ): Promise<void> {
    const before = await this.settings.get(session);
    if (isDeepStrictEqual(before.secondaryKeys?.[integration] ?? [], keys)) return;
    const secondaryKeys = withSecondaryKeys(before.secondaryKeys, integration, keys);
    const edit = edited(
      before,
      { by: actor, what: 'The sync keys of a mapping were changed.', integration },
      this.settings.time(),
    );
    await this.settings.replace(session, before, { ...before, ...edit, secondaryKeys });
  }
}
