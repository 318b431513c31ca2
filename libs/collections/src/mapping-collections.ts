import type {
  AccountRecord,
  Cause,
  DueCause,
  MappingDefinition,
  PeopleField,
  PeoplePlanLine,
  PeoplePlanRecord,
  PersonRecord,
  Pinned,
  PlanLine,
  PreviewAction,
  PreviewRule,
  RawUser,
  RunReport,
} from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';
import type { EditDocument } from './edits.js';

/** The way of a partition (B2). Messages up to `offset` are applied, those before `from` are published as well. */
export interface PositionDocument {
  /** Partition of raw-records. */
  _id: number;
  /** How often a person accepted another topic (B2): offsets begin anew then, ids of changes must not (C1, I4). */
  epoch: number;
  /** Epoch of the records that changes are made in (ADR 0021); absent before there were any. */
  records?: string;
  /** Epochs of the records before it, oldest first, '' for none: what is replayed may have been stored in one of them. */
  formerRecords?: string[];
  /** False until something was applied in the present one: then nothing that is replayed can be of it. Absent: something was. */
  hasApplied?: boolean;
  /** Last message applied, -1 = none of this topic. */
  offset: number;
  digest: string;
  /** Lines of the control message at `offset` already applied; null = all of it (B17). */
  line: number | null;
  /** First message whose publication is not known to be acknowledged: reading starts here after a restart. */
  from: { offset: number; digest: string };
  /** Why no work is done on this partition until a person acts (B2), or null. */
  refused: string | null;
  at: Date;
}

/** One attempt to read an integration (B5). */
export interface ReadingDocument {
  /** Integration id. */
  _id: string;
  partition: number;
  generation: number;
  run: string;
  pinned: Pinned;
  activeAtStart: number;
  state: 'open' | 'ended' | 'aborted';
  /** Why the generation cannot be trusted (B3, B6), or null. */
  tainted: { code: string; message: string } | null;
  mapped: RunReport | null;
  swept: RunReport | null;
}

/** Ids seen by one slice, with what was done to them. One document a slice, whatever it wrote. */
export interface SeenDocument {
  /** `<integration>/<generation>/<offset of the first message>`. */
  _id: string;
  integration: string;
  generation: number;
  ids: string[];
  created: number;
  updated: number;
  unchanged: number;
  /** Older than what is known by now, so not taken over. Absent in what earlier versions stored: 0. */
  outdated?: number;
  skipped: number;
  /** Of the skipped ones, those whom the rule of the mapping passed over. */
  passedOver: number;
  reactivated: number;
  unknownStatus: number;
  rejected: number;
  /** Rejected users and others whom the run names; `more` of the same code are counted and not named. */
  problems: { id: string; code: string; message: string; more?: number }[];
  at: Date;
}

/** `AccountRecord` with what is never published: hash (B8), time of the last observation (B10). */
export interface AccountDocument extends Omit<AccountRecord, 'id'> {
  _id: string;
  /** Null: the next run looks at it whatever it brings (B9). */
  hash: string | null;
  /** Epoch milliseconds, by the database's clock, of the page, answer or command that the record was last changed by. */
  observedAt: number;
  /** What that was. Runs follow each other by generation, so only what a command said is weighed by time. Absent: a run. */
  observedBy?: 'run' | 'command';
  /** The run that made the account anew after an undo had taken it back; not published. */
  madeAgainBy?: string;
}

/** `PersonRecord` with the counter that folding transactions compare (B13) and the keys (D4). */
export interface PersonDocument extends Omit<PersonRecord, 'id'> {
  _id: string;
  fold: number;
  /** Version of the fold settings he was last folded with (D1); not published, it says nothing about him. */
  settingsVersion: number;
  /** Absent instead of empty: a unique index holds one empty list only. */
  keys?: string[];
  /** The fold says inactive and only a people plan may make it so: active until then. Absent for everybody else. */
  due?: PersonDue;
}

/** Why somebody stays active although the fold says inactive, and since when. */
export interface PersonDue {
  since: string;
  cause: DueCause;
  /** The people plan that has taken it up. Whoever is in one is not proposed by another. */
  plan?: string;
}

/** One revision of a person or account (C1). */
export interface ChangeDocument {
  /** `p07-<epoch>/000000000812/0003` or `c-<epoch>/<command>/0003`; without an epoch from before there were any. */
  _id: string;
  kind: 'account' | 'person';
  record: string;
  revision: number;
  /** Event type, or null for accounts of content "user", which have changes but no events (C5). */
  event: string | null;
  after: AccountRecord | PersonRecord;
  changed: Record<string, unknown>;
  cause: Cause;
  time: string;
}

export interface PlanDocument {
  /** Run id. */
  _id: string;
  integration: string;
  generation: number;
  lines: number;
  hash: string | null;
  /** Report of an undo of this run (E5) as earlier versions stored it, or null; now it stands in `undos`. */
  undone: RunReport | null;
  at: Date;
}

export interface PlanLineDocument extends PlanLine {
  /** `<run>/<number, 7 digits>`. */
  _id: string;
  run: string;
  state: 'staged' | 'executed' | 'stale';
  staleReason: string | null;
  at: Date;
}

/** A record as a preview would leave it (E6). Later users of the same preview are matched against it. */
export interface PreviewLineDocument {
  /** `<run>/<generation>/<account or person>/<record>`. */
  _id: string;
  /** `<run>/<generation>`: lines of a generation that was read again mean nothing. */
  plan: string;
  kind: 'account' | 'person';
  record: string;
  action: PreviewAction;
  /** What would be done as users are read; null where only a sweep would act. An apply compares it (E7). */
  inline: 'create' | 'update' | 'reactivate' | null;
  /** Why a sweep would deactivate the account, or null. */
  staged: PlanLine['kind'] | null;
  name: string;
  person: string | null;
  isNewPerson: boolean;
  rule: PreviewRule;
  /** Old values by path. */
  changed: Record<string, unknown>;
  after: AccountDocument | PersonDocument;
  /** Keys that the person would hold, each under the plan. Absent instead of empty. */
  planKeys?: string[];
  at: Date;
}

/** What mapping knows of an integration. */
export interface FoldIntegration {
  priority: number;
  authoritative: boolean;
  name: string;
  connector: string;
  /** Entry under Software > SaaS of its users, null for none. Absent: the one of its vendor. */
  app?: string | null;
}
/** How values of a unique field are compared: without their case; so, and only addresses; or as they stand. */
export type KeyKind = 'folded' | 'address' | 'exact';

/** What folds a person, in one versioned document (D1). */
export interface FoldSettingsDocument {
  _id: 'fold';
  version: number;
  /** Version of the last change that may alter somebody; people with an older one are refolded. */
  concerns: number;
  /** Variables of the people fields marked unique; their values are keys (D4). */
  uniqueFields: string[];
  /** How their values are compared, for those that are not simply compared without their case. Absent in old documents. */
  keyKinds?: Record<string, KeyKind>;
  /** Field → integrations in the order in which they are believed, for the fields that have one of their own (D2). */
  sources?: Record<string, string[]>;
  /** Integration → fields that it finds people by and does not write: its accounts come last for these (R74). */
  secondaryKeys?: Record<string, string[]>;
  /** The newest changes that may alter somebody, oldest first: a people plan names what it follows from, and who did it. */
  edits?: FoldEdit[];
  integrations: Record<string, FoldIntegration>;
}

export interface FoldEdit {
  version: number;
  by: string;
  at: string;
  /** What was changed, in words. */
  what: string;
  integration: string | null;
}

export interface FieldDocument extends PeopleField {
  _id: string;
  builtIn: boolean;
  /** Who changed it, of each person the newest change of a kind. */
  edits?: EditDocument[];
}

/** An immutable version of a mapping. */
export interface MappingDocument {
  /** `<integration>/<version>`. */
  _id: string;
  integration: string;
  version: number;
  definition: MappingDefinition;
  /** Top-level properties of the vendor's record that it reads; absent in versions from before they were kept. */
  reads?: string[];
  /** Who saved it; absent in versions from before it was kept, and in those that an integration begins with. */
  by?: string;
  createdAt: Date;
}

/** Records as the vendor gave them in the newest run, by which a mapping can be tried. Not published: nothing is masked. */
export interface SamplesDocument {
  /** Integration id. */
  _id: string;
  generation: number;
  at: Date;
  users: RawUser[];
}

/** An entry of Software > SaaS. */
export interface AppDocument {
  /** Catalogue id, or that of the command for an entry made by hand. */
  _id: string;
  name: string;
  category: string;
  /** Connector of the application that it is linked to in the catalogue; null until somebody links it (R31). */
  connector: string | null;
  linkedBy: 'auto' | 'person';
  createdAt: Date;
}

/** Tracking values of an account (D8), joined when it is read. */
export interface TrackingDocument {
  _id: string;
  run: string;
  syncTime: string;
  credentialName: string;
}

/** `PeoplePlanRecord` with times that can be compared, and how far a piece of work on it has come. */
export interface PeoplePlanDocument extends Omit<PeoplePlanRecord, 'id' | 'expiresAt'> {
  _id: string;
  /** The cause as one text: `settings`, `retirement/<integration>`, `run/<run>`. */
  group: string;
  expiresAt: Date | null;
  /** Number of the next line that is carried out or taken back. */
  line: number;
}

export interface PeoplePlanLineDocument extends PeoplePlanLine {
  /** `<plan>/<number, 7 digits>`. */
  _id: string;
  plan: string;
  at: Date;
}

/** Every judgement raises it, so that two at once cannot miss what the other one let pass. */
export interface PeoplePlanTurnDocument {
  _id: 'judging';
  turns: number;
}

/** An integration that was taken away with its data (D7). */
export interface RetirementDocument {
  /** Integration id. */
  _id: string;
  by: string;
  at: Date;
  /** All its accounts are retired; they are removed after their replay window. */
  isDone: boolean;
}

const owner = 'mapping' as const;

export const positions = defineCollection<PositionDocument>({ owner, name: 'positions', published: true });
export const readings = defineCollection<ReadingDocument>({ owner, name: 'readings', published: true });
export const seen = defineCollection<SeenDocument>({
  owner,
  name: 'seen',
  published: false,
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(9) } }],
});
export const accounts = defineCollection<AccountDocument>({
  owner,
  name: 'accounts',
  published: true,
  indexes: [
    { key: { person: 1 } },
    { key: { app: 1, active: 1, _id: 1 } },
    // Accounts that wait for a decision, by whom they may belong to: few, and looked for whenever somebody is matched.
    { key: { 'error.candidates': 1 }, options: { sparse: true } },
  ],
});
export const people = defineCollection<PersonDocument>({
  owner,
  name: 'people',
  published: true,
  // Sparse, because people without keys have no such field. A partial index would not be used by look-ups of keys.
  indexes: [
    { key: { keys: 1 }, options: { unique: true, sparse: true } },
    // Holds those who are due and nobody else.
    {
      key: { 'due.plan': 1, 'due.cause.kind': 1, 'due.since': 1 },
      options: { partialFilterExpression: { 'due.since': { $exists: true } } },
    },
  ],
});
export const changes = defineCollection<ChangeDocument>({
  owner,
  name: 'changes',
  published: true,
  indexes: [{ key: { record: 1, revision: 1 }, options: { unique: true } }, { key: { 'cause.run': 1, _id: 1 } }],
});
export const plans = defineCollection<PlanDocument>({
  owner,
  name: 'plans',
  published: true,
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(30) } }],
});
export const planLines = defineCollection<PlanLineDocument>({
  owner,
  name: 'planLines',
  published: true,
  indexes: [
    { key: { run: 1, number: 1 } },
    { key: { run: 1, account: 1 } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(30) } },
  ],
});
export const previewLines = defineCollection<PreviewLineDocument>({
  owner,
  name: 'previewLines',
  published: true,
  indexes: [
    { key: { plan: 1, kind: 1, action: 1, _id: 1 } },
    { key: { plan: 1, 'after.person': 1 } },
    { key: { planKeys: 1 }, options: { unique: true, sparse: true } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(2) } },
  ],
});
export const peoplePlans = defineCollection<PeoplePlanDocument>({
  owner,
  name: 'peoplePlans',
  published: true,
  indexes: [{ key: { createdAt: -1 } }, { key: { state: 1, expiresAt: 1 } }, { key: { group: 1, createdAt: -1 } }],
});
export const peoplePlanLines = defineCollection<PeoplePlanLineDocument>({
  owner,
  name: 'peoplePlanLines',
  published: true,
  indexes: [{ key: { plan: 1, number: 1 }, options: { unique: true } }],
});
export const peoplePlanTurns = defineCollection<PeoplePlanTurnDocument>({
  owner,
  name: 'peoplePlanTurns',
  published: false,
});
export const settings = defineCollection<FoldSettingsDocument>({ owner, name: 'settings', published: true });
export const fields = defineCollection<FieldDocument>({ owner, name: 'fields', published: true });
export const mappings = defineCollection<MappingDocument>({
  owner,
  name: 'mappings',
  published: true,
  indexes: [{ key: { integration: 1, version: -1 }, options: { unique: true } }],
});
export const samples = defineCollection<SamplesDocument>({ owner, name: 'samples', published: false });
export const apps = defineCollection<AppDocument>({ owner, name: 'apps', published: true });
export const retirements = defineCollection<RetirementDocument>({ owner, name: 'retirements', published: false });
export const tracking = defineCollection<TrackingDocument>({ owner, name: 'tracking', published: true });
