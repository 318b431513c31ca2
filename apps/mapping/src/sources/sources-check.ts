import type { FoldSettingsDocument } from '@rollcall/collections';
import type { PeopleField, SourcesOfTruth } from '@rollcall/contracts';

import { unknownField } from '../fields/fields.errors.js';
import { integrationNotFound } from './sources.errors.js';

/** @throws AppError unknown-field, integration-not-found */
export function checkSources(
  sources: SourcesOfTruth,
  fields: readonly PeopleField[],
  { integrations }: FoldSettingsDocument,
): void {
  const known = new Set(fields.map(({ variable }) => variable));
  for (const [field, order] of Object.entries(sources)) {
    if (!known.has(field)) throw unknownField(field);
    const stranger = order.find((integration) => !Object.hasOwn(integrations, integration));
    if (stranger !== undefined) throw integrationNotFound(stranger);
  }
}
