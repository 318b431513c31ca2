import type { DatabaseSettings } from '@rollcall/collections';
import type { TopicDefinition } from '@rollcall/contracts';
import { isReadableCompression, type TopicSettings } from '@rollcall/messaging';

/** A setting that an acknowledged change depends on, as it was found (P1). */
export interface AttestedSetting {
  readonly where: string;
  readonly setting: string;
  readonly found: string;
  readonly needed: string;
  readonly ok: boolean;
}

/** Everything that was read to judge by. */
export interface FoundSettings {
  readonly topics: readonly (TopicSettings & { readonly definition: TopicDefinition })[];
  /** By broker id. */
  readonly brokers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly database: DatabaseSettings;
  /** Unique indexes that are not there, as `collection {key}`. */
  readonly missingIndexes: readonly string[];
}

const hourMs = 60 * 60 * 1000;
/** Copies that survive the loss of one machine, and how many of them must have a change before it counts. */
const copies = 3;
const copiesInSync = 2;

/** Whether an acknowledged change survives the loss of one machine. Pure; what it is given was read from the engines. */
export function attest({ topics, brokers, database, missingIndexes }: FoundSettings): AttestedSetting[] {
  return [
    ...[...brokers].flatMap(([id, values]) => [
      judged(`broker ${id}`, 'auto.create.topics.enable', values['auto.create.topics.enable'], 'false', is('false')),
      ofCompression(`broker ${id}`, values['compression.type']),
    ]),
    ...topics.flatMap(ofTopic),
    ...ofDatabase(database),
    judged('MongoDB', 'missing unique indexes', missingIndexes.join('; ') || 'none', 'none', is('none')),
  ];
}

function ofTopic({
  topic,
  replicas,
  partitions,
  values,
  definition,
}: FoundSettings['topics'][number]): AttestedSetting[] {
  const where = `topic ${topic}`;
  const retentionMs = definition.retentionHours * hourMs;
  const keepsLongEnough = (found: string) => Number(found) === -1 || Number(found) >= retentionMs;
  return [
    judged(where, 'replication factor', String(replicas), `at least ${copies}`, atLeast(copies)),
    judged(
      where,
      'partitions',
      String(partitions),
      `at least ${definition.partitions}`,
      atLeast(definition.partitions),
    ),
    judged(
      where,
      'min.insync.replicas',
      values['min.insync.replicas'],
      `at least ${copiesInSync}`,
      atLeast(copiesInSync),
    ),
    judged(where, 'unclean.leader.election.enable', values['unclean.leader.election.enable'], 'false', is('false')),
    // Compaction keeps the newest event of a record only: who replays a topic would find revisions missing.
    judged(where, 'cleanup.policy', values['cleanup.policy'], 'delete', is('delete')),
    judged(where, 'retention.ms', values['retention.ms'], `at least ${retentionMs}`, keepsLongEnough),
    ofCompression(where, values['compression.type']),
  ];
}

/** A codec that Rollcall does not know would make every message unreadable. */
const ofCompression = (where: string, found: string | undefined): AttestedSetting =>
  judged(where, 'compression.type', found, 'producer, or a codec that Rollcall knows', isReadableCompression);

function ofDatabase(found: DatabaseSettings): AttestedSetting[] {
  return [
    judged('MongoDB', 'replica set', found.replicaSet ?? 'none', 'a replica set', (name) => name !== 'none'),
    judged('MongoDB', 'members with data', String(found.dataMembers), `at least ${copies}`, atLeast(copies)),
    // With an arbiter a majority may hold one copy only.
    judged('MongoDB', 'arbiters', String(found.arbiters), '0', is('0')),
    judged('MongoDB', 'write concern w', found.writeConcern, 'majority', is('majority')),
    judged('MongoDB', 'write concern j', String(found.journal), 'true', is('true')),
    judged('MongoDB', 'retryWrites', String(found.retryWrites), 'true', is('true')),
    judged('MongoDB', 'read concern', found.readConcern, 'majority', is('majority')),
    judged('MongoDB', 'read preference', found.readPreference, 'primary', is('primary')),
  ];
}

const is = (needed: string) => (found: string) => found === needed;
const atLeast = (needed: number) => (found: string) => Number(found) >= needed;

/** A value that the engine does not tell counts as wrong: nobody can vouch for it. */
function judged(
  where: string,
  setting: string,
  found: string | undefined,
  needed: string,
  isRight: (found: string) => boolean,
): AttestedSetting {
  const value = found ?? 'not told';
  return { where, setting, found: value, needed, ok: found !== undefined && isRight(value) };
}
