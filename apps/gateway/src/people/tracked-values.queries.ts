import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  bounded,
  Databases,
  type FoldSettingsDocument,
  mappings,
  type NewestEntries,
  newestEntries,
  queryTimeMs,
  settings,
  tracking,
  type TrackingDocument,
  trusted,
} from '@rollcall/collections';
import type { MappingSource, PersonRecord } from '@rollcall/contracts';

/** Integration → people field → value of the run that it is mapped from. */
export type TrackedFields = ReadonlyMap<string, ReadonlyMap<string, TrackedName>>;
type TrackedName = Extract<MappingSource, { kind: 'tracking' }>['name'];
type Account = Pick<AccountDocument, '_id' | 'person' | 'integration' | 'vendorId' | 'active' | 'passive'>;
type FoldRules = Pick<FoldSettingsDocument, 'integrations' | 'sources'>;

const accountFields = { person: 1, integration: 1, vendorId: 1, active: 1, passive: 1 } as const;

/**
 * Values of the run itself, sync time and credential name, of the people fields that they are mapped to. They change with
 * every run and are kept apart, so that they make no revisions, and joined when a person is read (D8).
 */
@Injectable()
export class TrackedValuesQueries {
  constructor(private readonly databases: Databases) {}

  /** By the newest version of each mapping. Empty where nobody maps such a value, which is where nothing more is asked. */
  async fields(): Promise<TrackedFields> {
    const newest = await bounded(() =>
      this.databases
        .model(mappings)
        .aggregate<NewestEntries>([...newestEntries, { $match: { 'entries.from.kind': 'tracking' } }], {
          maxTimeMS: queryTimeMs,
        }),
    );
    return new Map(newest.map(({ _id, entries }) => [_id, new Map(entries.flatMap(trackedEntry))]));
  }

  /** The same people with the values of the runs that saw them last. */
  async join<Person extends PersonRecord>(people: readonly Person[], fields: TrackedFields): Promise<Person[]> {
    if (fields.size === 0 || people.length === 0) return [...people];
    const own = await this.accountsOf(
      people.map(({ id }) => id),
      [...fields.keys()],
    );
    if (own.length === 0) return [...people];
    const [notes, rules] = await Promise.all([this.notesOf(own.map(({ _id }) => _id)), this.rules()]);
    return people.map((person) =>
      withTracked(
        person,
        own.filter((account) => account.person === person.id),
        { fields, notes, rules },
      ),
    );
  }

  private async accountsOf(people: readonly string[], integrations: readonly string[]): Promise<Account[]> {
    return bounded(() =>
      this.databases
        .model(accounts)
        .find(
          { person: trusted({ $in: [...people] }), integration: trusted({ $in: [...integrations] }) },
          accountFields,
          { maxTimeMS: queryTimeMs },
        )
        .lean(),
    );
  }

  private async notesOf(ids: readonly string[]): Promise<ReadonlyMap<string, TrackingDocument>> {
    const found = await bounded(() =>
      this.databases
        .model(tracking)
        .find({ _id: trusted({ $in: [...ids] }) }, null, { maxTimeMS: queryTimeMs })
        .lean(),
    );
    return new Map(found.map((note) => [note._id, note]));
  }

  private async rules(): Promise<FoldRules> {
    const found = await bounded(() =>
      this.databases.model(settings).findOne({ _id: 'fold' }, null, { maxTimeMS: queryTimeMs }).lean(),
    );
    return found ?? { integrations: {} };
  }
}

function trackedEntry({ to, from }: { to: string; from: MappingSource }): [string, TrackedName][] {
  return from.kind === 'tracking' ? [[to, from.name]] : [];
}

/** Names of all people fields that some mapping fills with a value of the run. */
export function trackedNames(fields: TrackedFields): ReadonlySet<string> {
  return new Set([...fields.values()].flatMap((entries) => [...entries.keys()]));
}

interface Tracked {
  readonly fields: TrackedFields;
  readonly notes: ReadonlyMap<string, TrackingDocument>;
  readonly rules: FoldRules;
}

/** A value set by hand wins, and one that a vendor gives; else the first account that has a note, in the order of the fold. */
function withTracked<Person extends PersonRecord>(
  person: Person,
  own: readonly Account[],
  { fields, notes, rules }: Tracked,
): Person {
  const counting = own.filter(({ _id, passive }) => !passive && notes.has(_id));
  if (counting.length === 0) return person;
  const values = { ...person.values };
  const provenance = { ...person.provenance };
  for (const field of new Set(counting.flatMap(({ integration }) => [...fields.get(integration)!.keys()]))) {
    if (person.overrides[field] !== undefined || (values[field] ?? null) !== null) continue;
    const [first] = counting
      .filter(({ integration }) => fields.get(integration)!.has(field))
      .sort(inOrderOf(rules, field));
    if (first === undefined) continue;
    const { syncTime, credentialName } = notes.get(first._id)!;
    values[field] = fields.get(first.integration)!.get(field) === 'sync-time' ? syncTime : credentialName;
    provenance[field] = first._id;
  }
  return { ...person, values, provenance };
}

/** Active before inactive, then the field's own order of sources, then priority, then vendor id: as people are folded. */
function inOrderOf({ integrations, sources = {} }: FoldRules, field: string) {
  const order = sources[field] ?? [];
  const rank = ({ integration }: Account): number => {
    const place = order.indexOf(integration);
    return place < 0 ? order.length : place;
  };
  const priority = ({ integration }: Account): number => integrations[integration]?.priority ?? Number.MAX_SAFE_INTEGER;
  return (a: Account, b: Account): number =>
    Number(b.active) - Number(a.active) ||
    rank(a) - rank(b) ||
    priority(a) - priority(b) ||
    (a.vendorId < b.vendorId ? -1 : 1);
}
