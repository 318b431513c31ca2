import {
  type FieldShape,
  fieldShapeSchema,
  type IntegrationRecord,
  integrationRecordSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

import { defineCollection } from '../define-collection.js';
import { type EditDocument, editPaths } from '../edits.js';
import { date, fits, listOf, number, optional, part, recordPaths, text } from '../models/paths.js';

/** `IntegrationRecord` and what only sync-runner needs. Published: the record has no secret. */
export interface IntegrationDocument extends Omit<IntegrationRecord, 'id'> {
  _id: string;
  /** Highest generation of any run so far (A5). */
  lastGeneration: number;
  /** Mapping, app and fold settings as registered with mapping; null until it answered. */
  registered: { version: number; mappingVersion: number; app: string | null } | null;
  /** Fingerprint of what the last good run read with, for "first after change" (evidence e). */
  lastGoodScope: string | null;
  /** Schedule: next slot in UTC; null while not active. */
  nextSlotAt: Date | null;
  /** Fields of the vendor's records in the last good run; null before the first. */
  shape: FieldShape[] | null;
  /** Failed runs since the last one that did not fail. */
  failures: number;
  /** Who changed a setting last, and when. */
  edited: { by: string; at: Date };
  /** Who changed it, of each person the newest change of a kind; absent in integrations from before it was kept. */
  edits?: EditDocument[];
  /** Active accounts at the first run of a day, oldest first, for a little more than a week (the weekly sum of P10). */
  activeByDay: { at: Date; active: number }[];
}

export const integrations = defineCollection<IntegrationDocument>({
  owner: 'sync-runner',
  name: 'integrations',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(integrationRecordSchema),
    lastGeneration: number,
    registered: optional.part({ version: number, mappingVersion: number, app: optional.text }),
    lastGoodScope: optional.text,
    nextSlotAt: optional.date,
    shape: fits(z.array(fieldShapeSchema).nullable()),
    failures: number,
    edited: part({ by: text, at: date }),
    edits: editPaths,
    activeByDay: listOf(part({ at: date, active: number })),
  },
  indexes: [{ key: { name: 1 }, options: { unique: true } }, { key: { nextSlotAt: 1 } }],
});
