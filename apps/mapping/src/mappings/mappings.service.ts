import { Injectable } from '@nestjs/common';
import type { ClientSession, FoldSettingsDocument, ReadingDocument } from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import {
  AppError,
  builtInFields,
  type ConnectorManifest,
  type InputOf,
  type MappingDefinition,
  type registerIntegration,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import { ExpressionsService } from '../expressions/expressions.service.js';
import { FieldsRepository } from '../fields/fields.repository.js';
import { edited } from '../people/fold-edits.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { uniqueSettings } from '../people/keys.js';
import { type CompiledMapping, compileMapping, missingMapping } from './compile-mapping.js';
import { MappingsRepository } from './mappings.repository.js';
import { secondaryKeysOf, withSecondaryKeys } from './secondary-keys.js';

const cachedVersions = 500;

/** Mappings by integration and version, ready to run; and the place of new integrations in mapping. */
@Injectable()
export class MappingsService {
  private readonly compiledVersions = new Map<string, CompiledMapping>();

  constructor(
    private readonly repository: MappingsRepository,
    private readonly fields: FieldsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly expressions: ExpressionsService,
  ) {}

  /**
   * The version that START pinned, for one reading. Versions are immutable, but the fields that they map to are not: each
   * reading takes them as they are when it begins. A version that is not there rejects every user: an error would be met
   * again at every attempt, and whatever lies behind it in the partition would wait for ever.
   */
  async compiled({ _id: integration, generation, pinned }: ReadingDocument): Promise<CompiledMapping> {
    const version = pinned.mappingVersion;
    const id = `${integration}/${version}/${generation}`;
    let compiled = this.compiledVersions.get(id);
    if (!compiled) {
      const document = await this.repository.version(integration, version);
      const fields = await this.fields.all();
      compiled = document
        ? compileMapping(version, document.definition, fields, this.expressions.forRuns)
        : missingMapping(version);
      if (this.compiledVersions.size >= cachedVersions) this.compiledVersions.clear();
      this.compiledVersions.set(id, compiled);
    }
    return compiled;
  }

  async register(
    input: InputOf<typeof registerIntegration>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof registerIntegration>> {
    const manifest = manifests[input.connector];
    if (!manifest) {
      throw new AppError('unknown-connector', `No connector is called ${input.connector}. See /catalog/connectors.`);
    }
    await this.fields.add(session, builtInFields, { builtIn: true });
    await this.fields.add(session, manifest.defaultMapping.newFields);
    const model = input.mappingOf === null ? null : await this.repository.latest(session, input.mappingOf);
    const definition = model?.definition ?? definitionOf(manifest);
    const mappingVersion = await this.ensureMapping(session, input.integration, definition);
    const settings = await this.placeInFold(session, input, secondaryKeysOf(definition));
    const app = await this.appFor(session, manifest, settings, input);
    return { mappingVersion, app, settingsVersion: settings.version };
  }

  /**
   * The entry of Software > SaaS that its users are shown under: the chosen one, or the vendor's own, which makes itself
   * (R30). Users alone have none (R25). One that made itself and that nobody ever was in goes again when no integration
   * wants it.
   */
  private async appFor(
    session: ClientSession,
    manifest: ConnectorManifest,
    { integrations }: FoldSettingsDocument,
    { content, chosenApp }: InputOf<typeof registerIntegration>,
  ): Promise<string | null> {
    const { catalogueId } = manifest.app;
    const wanted = content === 'user' ? null : (chosenApp ?? catalogueId);
    if (wanted === catalogueId) return this.repository.linkApp(session, manifest);
    const isWanted = Object.values(integrations).some(
      ({ connector, app }) => (app === undefined && connector === manifest.id) || app === catalogueId,
    );
    if (!isWanted) await this.repository.removeUnusedApp(session, catalogueId);
    return wanted;
  }

  private async ensureMapping(
    session: ClientSession,
    integration: string,
    definition: MappingDefinition,
  ): Promise<number> {
    const latest = await this.repository.latest(session, integration);
    if (latest) return latest.version;
    await this.repository.add(session, integration, 1, definition);
    return 1;
  }

  /** A new version of the fold settings; people are refolded only if it may alter somebody (D1). */
  private async placeInFold(
    session: ClientSession,
    input: InputOf<typeof registerIntegration>,
    secondaryKeys: string[],
  ): Promise<FoldSettingsDocument> {
    const { integration, priority, authoritative, name, connector, content, chosenApp, by } = input;
    const before = await this.settings.get(session);
    const known = before.integrations[integration];
    const unique = uniqueSettings(await this.fields.all(session));
    const alters = known !== undefined && (known.priority !== priority || known.authoritative !== authoritative);
    const mark = authoritative ? 'became authoritative' : 'is no longer authoritative';
    const isMarked = known?.authoritative !== authoritative;
    const what = `${name} ${isMarked ? mark : `has priority ${priority}`}.`;
    const app = content === 'user' ? null : (chosenApp ?? manifests[connector]!.app.catalogueId);
    const after: FoldSettingsDocument = {
      ...before,
      ...(alters
        ? edited(before, { by: by ?? 'unknown', what, integration }, this.settings.time())
        : { version: before.version + 1 }),
      ...unique,
      // Of one that is known its mapping decides, which may have been edited since.
      ...(known === undefined && {
        secondaryKeys: withSecondaryKeys(before.secondaryKeys, integration, secondaryKeys),
      }),
      integrations: { ...before.integrations, [integration]: { priority, authoritative, name, connector, app } },
    };
    await this.settings.replace(session, before, after);
    return after;
  }
}

function definitionOf({
  defaultMapping: { newFields: _newFields, ...definition },
}: ConnectorManifest): MappingDefinition {
  return definition;
}
