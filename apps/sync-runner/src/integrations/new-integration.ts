import { type EditDocument, type IntegrationDocument, withEdit } from '@rollcall/collections';
import {
  type createIntegration,
  defaultDeactivationLimit,
  type InputOf,
  type IntegrationRecord,
  integrationRecordSchema,
  type updateIntegration,
} from '@rollcall/contracts';

import { defaultSchedule } from '../slots/next-slot.js';
import { inOrder } from '../slots/quarantine.js';

type CreateInput = InputOf<typeof createIntegration>;
type UpdateInput = InputOf<typeof updateIntegration>;

const highestPriority = 1000;

/** A draft with every setting that was left out at its default. */
export function newIntegration(
  input: CreateInput,
  chosen: {
    readonly load: string;
    readonly partition: number;
    readonly priority: number;
    readonly at: Date;
    readonly by: string;
  },
): IntegrationDocument {
  const { id, connector, load: _load, deactivate = false, ...settings } = input;
  return {
    ...defaults(id),
    priority: chosen.priority,
    ...given(settings),
    _id: id,
    version: 1,
    connector,
    name: input.name,
    load: chosen.load,
    state: 'draft',
    deactivate: { enabled: deactivate, onHold: false },
    partition: chosen.partition,
    openRun: null,
    ...inOrder,
    nextRunAt: null,
    lastRun: null,
    hasCompletedRun: false,
    createdAt: chosen.at.toISOString(),
    lastGeneration: 0,
    registered: null,
    lastGoodScope: null,
    nextSlotAt: null,
    edited: { by: chosen.by, at: chosen.at },
    edits: [{ by: chosen.by, at: chosen.at, kind: 'made' }],
    activeByDay: [],
    shape: null,
  };
}

/** What a clone takes over; not the name, the priority and the switch to deactivate, which are decided for each. */
export function settingsOf(model: IntegrationDocument): Omit<CreateInput, 'id' | 'name'> {
  const { connector, load, installation, credential, inputs, content, app, preference } = model;
  const { deactivationLimit, authoritative, schedule, contacts } = model;
  return {
    connector,
    load,
    installation,
    credential,
    inputs,
    content,
    app,
    preference,
    deactivationLimit,
    authoritative,
    schedule,
    contacts,
  };
}

/** Every setting that may be left out, but for those that depend on others. */
const defaults = (id: string) => ({
  installation: 'cloud' as const,
  credential: null,
  inputs: {},
  content: 'user-and-saas-user' as const,
  app: null,
  preference: 'create-and-update' as const,
  deactivationLimit: defaultDeactivationLimit,
  authoritative: false,
  schedule: defaultSchedule(id),
  contacts: [],
});

/** A setting that is there but undefined was left out too. */
function given<Settings extends object>(
  settings: Settings,
): { [Key in keyof Settings]: Exclude<Settings[Key], undefined> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Settings]: Exclude<Settings[Key], undefined> };
}

/**
 * Settings that an update names; everything else stays (R24). Choosing "deactivate" also lifts a hold of an undo,
 * because it is a person who decides (E5).
 */
export function changedSettings(input: UpdateInput): Partial<IntegrationDocument> {
  const { id: _id, ifVersion: _ifVersion, deactivate, ...settings } = input;
  return {
    ...(given(settings) as Partial<IntegrationDocument>),
    ...(deactivate === undefined ? {} : { deactivate: { enabled: deactivate, onHold: false } }),
  };
}

/** Who did it, and when, for an integration that somebody does something to. */
export function edit(
  before: Pick<IntegrationDocument, 'edits' | 'edited'>,
  { by, at, kind }: EditDocument,
): Pick<IntegrationDocument, 'edits' | 'edited'> & Required<Pick<IntegrationDocument, 'edits'>> {
  const known = before.edits ?? [{ ...before.edited, kind: 'changed' as const }];
  return { edited: { by, at }, edits: withEdit(known, { by, at, kind }) };
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
