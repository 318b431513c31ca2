import type { Scope } from '@rollcall/contracts';
import type { z } from 'zod';

import type { OperationDefinition } from '../http/operation.js';

/**
 * What somebody needs to send a field, beside the right to the operation itself: `open`, nothing; `everywhere`, that this right has
 * no limit; a scope, that scope for the whole installation.
 */
export type FieldRule = 'open' | 'everywhere' | Scope;

type Rules = Readonly<Record<string, FieldRule>>;

function fields(rule: FieldRule, ...names: readonly string[]): Rules {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

const integrationSettings: Rules = {
  ...fields('open', 'name', 'installation', 'inputs', 'content', 'preference', 'deactivate', 'schedule', 'contacts'),
  // What belongs to others as well: a secret, an app, and the word on who somebody is and whether they are active.
  ...fields('everywhere', 'credential', 'app', 'authoritative', 'priority'),
  // Whoever may not approve what the guard held may not move the limit either, above which it holds.
  deactivationLimit: 'approve',
};
const mapping = fields('open', 'definition');
const decision = fields('open', 'hash', 'note');
const hold = fields('open', 'hold', 'active', 'reason');
const workflow = fields('open', 'name', 'description', 'definition');
const newCredential = fields('open', 'connector', 'type', 'advanced', 'baseUrl', 'fields');
const trial = fields('open', 'integration', 'load', 'inputs');

/**
 * Operation → field of its body → who may send it. Operations with a body that are not listed, and fields that are not, keep the
 * gateway from starting. Without an entry are those that are open to anyone, or to everybody for themselves.
 */
export const fieldPolicy: Readonly<Record<string, Rules>> = {
  approveHeldPlan: decision,
  approvePeoplePlan: decision,
  cloneIntegration: fields('open', 'name'),
  createApiKey: fields('open', 'name', 'owner', 'scopes', 'limit', 'expiresAt'),
  createCredential: { ...newCredential, ...fields('open', 'name', 'ownUsers', 'owner', 'expiresAt') },
  createIntegration: { ...integrationSettings, ...fields('open', 'connector', 'load') },
  createOperator: fields('open', 'email', 'name', 'grants'),
  createPeopleField: fields('open', 'variable', 'label', 'type', 'unique', 'required', 'caseSensitive', 'filterable'),
  createSaasApp: fields('open', 'name', 'category'),
  createWorkflow: workflow,
  erasePerson: fields('open', 'reason'),
  // A trial makes no fields.
  evaluateIntegrationMapping: { ...mapping, ...fields('open', 'newFields') },
  holdAccount: hold,
  holdPerson: hold,
  linkAccount: fields('open', 'person'),
  linkSaasApp: fields('open', 'catalogueId'),
  mergePeople: fields('open', 'merged'),
  overridePerson: fields('open', 'set', 'clear'),
  previewIntegrationUpdate: integrationSettings,
  previewMerge: fields('open', 'merged'),
  previewSourcesOfTruth: fields('open', 'sources'),
  protectAccount: fields('open', 'protected'),
  protectPerson: fields('open', 'protected'),
  rejectHeldPlan: fields('open', 'note'),
  rejectPeoplePlan: fields('open', 'note'),
  rotateEncryptionKeys: fields('open', 'what'),
  setGuardSettings: fields('open', 'approvalByEditor'),
  setSourcesOfTruth: fields('open', 'sources'),
  startUserRun: fields('open', 'vendorId', 'username'),
  testCredential: trial,
  testDraftCredential: { ...newCredential, ...trial },
  testMail: fields('open', 'to'),
  undoRun: fields('open', 'pause'),
  updateCredential: fields('open', 'name', 'baseUrl', 'fields', 'ownUsers', 'owner', 'expiresAt', 'keepPrevious'),
  updateIntegration: integrationSettings,
  // People fields are the whole installation's.
  updateIntegrationMapping: { ...mapping, ...fields('everywhere', 'newFields') },
  updateOperator: fields('open', 'name', 'grants', 'state'),
  updatePeopleField: fields('open', 'label', 'required', 'unique', 'filterable'),
  updateWorkflow: workflow,
};

/**
 * Operation → fields of its answer that are secrets, shown once to whoever asked. Whatever else in an answer looks like a secret
 * fails the test of the policy.
 */
export const shownSecrets: Readonly<Record<string, readonly string[]>> = {
  createApiKey: ['/key'],
  createFirstAdministratorLink: ['/token'],
  createOperator: ['/link/token'],
  createOwnApiKey: ['/key'],
  resetOperatorPassword: ['/token'],
};

/** Fields that add to what there is: an empty list of them asks for nothing. */
export const additions: ReadonlySet<string> = new Set(['newFields']);

/** Names of the fields at the top of a body; none where it has no fixed fields. */
export function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (schema === undefined) return [];
  const { def } = schema as unknown as { def: { shape?: object; innerType?: z.ZodType; in?: z.ZodType } };
  if (def.shape) return Object.keys(def.shape);
  return fieldsOf(def.innerType ?? def.in);
}

/** Rules of an operation's fields that ask for more than the operation itself does. */
export function strictRulesOf(operation: string): readonly (readonly [field: string, rule: FieldRule])[] {
  if (!Object.hasOwn(fieldPolicy, operation)) return [];
  return Object.entries(fieldPolicy[operation]!).filter(([, rule]) => rule !== 'open');
}

/** Faults in words: fields without a rule, and rules without a field. @param isClosed whether rights open the operation */
export function fieldPolicyFaults(
  operations: readonly OperationDefinition[],
  isClosed: (operation: string) => boolean,
  table = fieldPolicy,
): string[] {
  const bodies = new Map(
    operations.filter(({ id, body }) => body && isClosed(id)).map(({ id, body }) => [id, fieldsOf(body)]),
  );
  const shapeless = [...bodies]
    .filter(([, names]) => names.length === 0)
    .map(([id]) => `the body of ${id} has no fixed fields`);
  const ruled = (id: string): string[] => (Object.hasOwn(table, id) ? Object.keys(table[id]!) : []);
  const forgotten = [...bodies].flatMap(([id, names]) =>
    names.filter((name) => !ruled(id).includes(name)).map((name) => `field ${name} of ${id} has no rule`),
  );
  const stray = Object.keys(table).flatMap((id) =>
    ruled(id)
      .filter((name) => !(bodies.get(id) ?? []).includes(name))
      .map((name) => `there is a rule for ${name} of ${id}, which takes no such field`),
  );
  return [...shapeless, ...forgotten, ...stray];
}
