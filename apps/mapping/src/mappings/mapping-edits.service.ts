import { isDeepStrictEqual } from 'node:util';

import { Injectable } from '@nestjs/common';
import type { ClientSession } from '@rollcall/collections';
import {
  AppError,
  createField,
  evaluateMapping,
  type InputOf,
  type PeopleField,
  type ResultOf,
  updateField,
  updateMapping,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { ExpressionsService } from '../expressions/expressions.service.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { uniqueSettings } from '../people/keys.js';
import { compileMapping } from './compile-mapping.js';
import { definitionFaults } from './definition-check.js';
import { evaluateSamples } from './evaluate-samples.js';
import { MappingsRepository } from './mappings.repository.js';
import { SamplesService } from './samples.service.js';
import { secondaryKeysOf, withSecondaryKeys } from './secondary-keys.js';

/** What people change about mappings and fields. Runs see it from their next START on. */
@Injectable()
export class MappingEditsService {
  constructor(
    private readonly repository: MappingsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly samples: SamplesService,
    private readonly expressions: ExpressionsService,
  ) {}

  @HandleCommand(updateMapping)
  async update(
    { integration, ifVersion, definition, newFields }: InputOf<typeof updateMapping>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateMapping>> {
    const { session } = context;
    const latest = await this.repository.latest(session, integration);
    if (latest === null) throw integrationNotFound(integration);
    if (ifVersion !== null && ifVersion !== latest.version) throw versionConflict(ifVersion, latest.version);
    await this.check(definition, newFields, session);
    await this.repository.addFields(session, newFields, { by: context.actor });
    if (newFields.some(({ unique }) => unique)) await this.takeUniqueFields(context);
    await this.takeSecondaryKeys(context, integration, secondaryKeysOf(definition));
    const version = latest.version + 1;
    const { createdAt } = await this.repository.add(session, integration, version, definition, context.actor);
    return { integration, version, definition, createdAt: createdAt.toISOString() };
  }

  @HandleCommand(evaluateMapping, { mode: 'outside' })
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

  @HandleCommand(createField)
  async createField(
    field: InputOf<typeof createField>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createField>> {
    const { session } = context;
    if ((await this.repository.allFields(session)).some(({ variable }) => variable === field.variable)) {
      throw fieldTaken(field.variable);
    }
    await this.repository.addFields(session, [field], { by: context.actor });
    if (field.unique) await this.takeUniqueFields(context);
    return { field };
  }

  @HandleCommand(updateField)
  async updateField(
    { variable, ...changes }: InputOf<typeof updateField>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateField>> {
    const { session } = context;
    const before = (await this.repository.allFields(session)).find((field) => field.variable === variable);
    if (before === undefined) throw unknownField(variable);
    if (before.builtIn && (changes.required !== undefined || changes.unique !== undefined)) throw builtIn(before.label);
    if (changes.unique === false && (await this.repository.isSyncKey(variable, session))) throw inUse(before.label);
    const after = await this.repository.changeField(session, before, changes, context.actor);
    if (changes.unique !== undefined && changes.unique !== before.unique) await this.takeUniqueFields(context);
    const { label, type, unique, required, caseSensitive, filterable } = after;
    const marks = {
      ...(caseSensitive !== undefined && { caseSensitive }),
      ...(filterable !== undefined && { filterable }),
    };
    return { field: { variable, label, type, unique, required, ...marks } };
  }

  /** All fields, those to come included. @throws AppError mapping-invalid, naming every fault */
  private async check(
    definition: InputOf<typeof updateMapping>['definition'],
    newFields: readonly PeopleField[],
    session?: ClientSession,
  ): Promise<PeopleField[]> {
    const existing = await this.repository.allFields(session);
    const taken = newFields.filter(({ variable }) => existing.some((field) => field.variable === variable));
    const fields = [...existing, ...newFields];
    const faults = [
      ...taken.map(
        ({ variable }) => `There is a people field "${variable}" already. Map to it, or give the new one another name.`,
      ),
      ...definitionFaults(definition, fields),
    ];
    if (faults.length > 0) throw mappingInvalid(faults);
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

  /** Values of unique fields are keys of people, so everybody is folded again (D1, D4). */
  private async takeUniqueFields({ session, actor }: CommandContext): Promise<void> {
    const before = await this.settings.get(session);
    const unique = uniqueSettings(await this.repository.allFields(session));
    const edit = edited(
      before,
      { by: actor, what: 'The unique people fields were changed.', integration: null },
      this.settings.time(),
    );
    await this.settings.replace(session, before, { ...before, ...edit, ...unique });
  }
}

const integrationNotFound = (id: string): AppError =>
  new AppError('integration-not-found', `There is no integration ${id} with a mapping. See the list of integrations.`);

const versionConflict = (expected: number, actual: number): AppError =>
  new AppError(
    'version-conflict',
    `Somebody else saved the mapping in the meantime (version ${actual}, yours is based on ${expected}). Look at it again, then repeat your change.`,
    { details: { expected, actual } },
  );

const mappingInvalid = (faults: readonly string[]): AppError =>
  new AppError('mapping-invalid', `The mapping was not saved. ${faults.join(' ')}`, { details: { faults } });

const fieldTaken = (variable: string): AppError =>
  new AppError('field-taken', `There is a people field "${variable}" already. Give the new one another variable name.`);

const unknownField = (variable: string): AppError =>
  new AppError('unknown-field', `There is no people field "${variable}". See the list of fields.`);

const builtIn = (label: string): AppError =>
  new AppError('field-built-in', `${label} is a built-in field: its label can be changed, and nothing else of it.`);

const inUse = (label: string): AppError =>
  new AppError(
    'field-in-use',
    `${label} is a sync key of a mapping, so it has to stay unique. Take another sync key first.`,
  );
