import {
  type PlanLine,
  type PreviewAction,
  previewActionSchema,
  type PreviewRule,
  previewRuleSchema,
} from '@rollcall/contracts';

import { days, defineCollection } from '../define-collection.js';
import { anything, date, fits, flag, listOf, oneOf, optional, text } from '../models/paths.js';
import type { AccountDocument } from './accounts.js';
import type { PersonDocument } from './people.js';

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

export const previewLines = defineCollection<PreviewLineDocument>({
  owner: 'mapping',
  name: 'previewLines',
  published: true,
  paths: {
    _id: text,
    plan: text,
    kind: oneOf('account', 'person'),
    record: text,
    action: fits(previewActionSchema),
    inline: optional.oneOf('create', 'update', 'reactivate'),
    staged: optional.text,
    name: text,
    person: optional.text,
    isNewPerson: flag,
    rule: fits(previewRuleSchema),
    changed: anything,
    after: anything,
    planKeys: listOf(text),
    at: date,
  },
  indexes: [
    { key: { plan: 1, kind: 1, action: 1, _id: 1 } },
    { key: { plan: 1, 'after.person': 1 } },
    { key: { planKeys: 1 }, options: { unique: true, sparse: true } },
    // Holds accounts with such keys and nothing else.
    {
      key: { plan: 1, 'after.otherKeys': 1 },
      options: { partialFilterExpression: { 'after.otherKeys': { $exists: true } } },
    },
    { key: { at: 1 }, options: { expireAfterSeconds: days(2) } },
  ],
});
