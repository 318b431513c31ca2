import type { AccountDocument, PersonDocument, PreviewLineDocument } from '@rollcall/collections';
import type { PlanLineKind, PreviewRule } from '@rollcall/contracts';

import type { ChangeSet, Replacement } from '../changes/change-set.js';
import { changedFields, publishedAccount, publishedPerson } from '../changes/record-change.js';
import { personName } from '../people/person-name.js';

/** The preview that lines belong to; each attempt to read is one of its own (A5). */
export interface PreviewName {
  readonly run: string;
  readonly generation: number;
}

export function planOf({ run, generation }: PreviewName): string {
  return `${run}/${generation}`;
}

export function lineId(plan: string, kind: PreviewLineDocument['kind'], record: string): string {
  return `${plan}/${kind}/${record}`;
}

export interface LineContext {
  readonly plan: string;
  readonly at: Date;
  /** Why, by account. */
  readonly rules: ReadonlyMap<string, PreviewRule>;
  /** Lines of the same records that this preview wrote before, by line id: theirs are the values of today. */
  readonly earlier: ReadonlyMap<string, PreviewLineDocument>;
  /** Which accounts a sweep would deactivate, and why; empty while users are being read. */
  readonly staged: ReadonlyMap<string, PlanLineKind>;
}

type Kind = PreviewLineDocument['kind'];
type Step<Kind extends AccountDocument | PersonDocument> = { readonly before: Kind | null; readonly after: Kind };

/** What a change set would write, as lines of a preview (E6). A record changed twice is one line from first to last. */
export function linesOf(set: ChangeSet, context: LineContext): PreviewLineDocument[] {
  const accounts = steps(set.insertedAccounts, set.replacedAccounts);
  const causes = new Map(accounts.map(({ after }) => [after.person, after]));
  return [
    ...accounts.map((step) => accountLine(step, context)),
    ...steps(set.insertedPeople, set.replacedPeople).map((step) =>
      personLine(step, causes.get(step.after._id), context),
    ),
  ];
}

function steps<Document extends AccountDocument | PersonDocument>(
  inserted: readonly Document[],
  replaced: readonly Replacement<Document>[],
): Step<Document>[] {
  const changed = replaced.filter(({ before, after }) => after.revision > before.revision);
  return [...inserted.map((after) => ({ before: null, after })), ...changed];
}

function accountLine({ before, after }: Step<AccountDocument>, context: LineContext): PreviewLineDocument {
  const step = before === null ? {} : changedFields(publishedAccount(before), publishedAccount(after));
  const base = baseOf('account', after._id, step, context);
  const earlier = context.earlier.get(base._id);
  const staged = context.staged.get(after._id) ?? null;
  const inline = earlier ? earlier.inline : inlineOf(before, after, staged);
  return {
    ...base,
    action: staged === null ? inline! : 'deactivate',
    inline,
    staged,
    name: after.username ?? after.vendorId,
    person: after.person,
    isNewPerson: earlier?.isNewPerson ?? context.rules.get(after._id)?.code === 'no-match',
    rule: staged === null ? (context.rules.get(after._id) ?? linked) : stagedRules[staged],
    after,
  };
}

function personLine(
  { before, after }: Step<PersonDocument>,
  cause: AccountDocument | undefined,
  context: LineContext,
): PreviewLineDocument {
  const step = before === null ? {} : changedFields(publishedPerson(before), publishedPerson(after));
  const base = baseOf('person', after._id, step, context);
  const earlier = context.earlier.get(base._id);
  const isNew = before === null || earlier?.inline === 'create';
  const wasActive = isNew ? null : ((base.changed['active'] as boolean | undefined) ?? after.active);
  const keys = after.keys?.map((key) => `${context.plan}/${key}`);
  return {
    ...base,
    action: wasActive === null ? 'create' : personAction(wasActive, after.active),
    inline: isNew ? 'create' : null,
    staged: null,
    name: personName(after),
    person: after._id,
    isNewPerson: isNew,
    rule: { code: 'follows-account', text: causeText(cause) },
    after,
    ...(keys === undefined ? {} : { planKeys: keys }),
  };
}

function causeText(cause: AccountDocument | undefined): string {
  if (cause === undefined) return 'Follows from accounts that changed.';
  return `Follows from the account ${cause.username ?? cause.vendorId} (${cause._id}).`;
}

function baseOf(kind: Kind, record: string, step: Record<string, unknown>, { plan, at, earlier }: LineContext) {
  const _id = lineId(plan, kind, record);
  const before = earlier.get(_id)?.changed ?? {};
  return { _id, plan, kind, record, changed: { ...step, ...before }, at };
}

function inlineOf(
  before: AccountDocument | null,
  after: AccountDocument,
  staged: PlanLineKind | null,
): PreviewLineDocument['inline'] {
  if (staged !== null) return null;
  // One that an undo had taken back is made anew.
  if (before === null || (before.retired !== undefined && after.retired === undefined)) return 'create';
  return !before.active && after.active ? 'reactivate' : 'update';
}

function personAction(wasActive: boolean, isActive: boolean): PreviewLineDocument['action'] {
  if (wasActive === isActive) return 'update';
  return isActive ? 'reactivate' : 'deactivate';
}

const linked: PreviewRule = { code: 'linked', text: 'The account is known, and the vendor gives other values now.' };

const stagedRules: Readonly<Record<PlanLineKind, PreviewRule>> = {
  missing: { code: 'missing', text: 'The complete list of the vendor does not contain the account any more.' },
  inactive: { code: 'inactive', text: 'The vendor says that the account is inactive.' },
};
