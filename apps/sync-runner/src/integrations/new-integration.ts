import type { IntegrationDocument } from '@rollcall/collections';
import {
  type createIntegration,
  type InputOf,
  type IntegrationRecord,
  integrationRecordSchema,
  type updateIntegration,
} from '@rollcall/contracts';

import { defaultSchedule } from '../schedules/next-slot.js';

type CreateInput = InputOf<typeof createIntegration>;
type UpdateInput = InputOf<typeof updateIntegration>;

const highestPriority = 1000;

/** A draft with every setting that was left out at its default. */
export function newIntegration(
  input: CreateInput,
  chosen: { readonly load: string; readonly partition: number; readonly priority: number; readonly at: Date },
): IntegrationDocument {
  return {
    _id: input.id,
    version: 1,
    name: input.name,
    connector: input.connector,
    load: chosen.load,
    state: 'draft',
    installation: input.installation ?? 'cloud',
    credential: input.credential ?? null,
    inputs: input.inputs ?? {},
    content: input.content ?? 'user-and-saas-user',
    preference: input.preference ?? 'create-and-update',
    deactivate: { enabled: input.deactivate ?? false, onHold: false },
    authoritative: input.authoritative ?? false,
    priority: input.priority ?? chosen.priority,
    schedule: input.schedule ?? defaultSchedule(input.id),
    contacts: input.contacts ?? [],
    partition: chosen.partition,
    openRun: null,
    nextRunAt: null,
    lastRun: null,
    hasCompletedRun: false,
    createdAt: chosen.at.toISOString(),
    lastGeneration: 0,
    registered: null,
    lastGoodScope: null,
    nextSlotAt: null,
  };
}

/**
 * Settings that an update names; everything else stays (R24). Choosing "deactivate" also lifts a hold of an undo,
 * because it is a person who decides (E5).
 */
export function changedSettings(input: UpdateInput): Partial<IntegrationDocument> {
  const { id: _id, ifVersion: _ifVersion, deactivate, ...settings } = input;
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as Partial<IntegrationDocument>),
    ...(deactivate === undefined ? {} : { deactivate: { enabled: deactivate, onHold: false } }),
  };
}

/** The next free multiple of ten, so that others fit between (priority decides whose value a person shows, D2). */
export function freePriority(used: readonly number[]): number {
  const taken = new Set(used);
  const next = Math.floor(Math.max(0, ...used) / 10) * 10 + 10;
  for (let candidate = next; candidate <= highestPriority; candidate += 10) if (!taken.has(candidate)) return candidate;
  for (let candidate = 10; candidate <= highestPriority; candidate += 10) if (!taken.has(candidate)) return candidate;
  return highestPriority;
}

/** What is published of an integration. */
export function integrationRecordOf({ _id, ...integration }: IntegrationDocument): IntegrationRecord {
  return integrationRecordSchema.parse({ id: _id, ...integration });
}
