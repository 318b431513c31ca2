import type { Limit, Scope } from '@rollcall/contracts';

import type { OperationDefinition } from '../http/operation.js';
import { reachOf, type Right } from '../rights/rights.js';
import { fieldPolicyFaults } from './field-policy.js';

/** The one that says what is wrong, so it must also say that no key can be looked up. */
export const healthOperation = 'getSystemHealth';

/**
 * What opens an operation: a scope; `known` for everybody with a key or a session, where it shows what stands in the
 * documentation too or what is their own; `signed-in` for everybody with a session, and for no key; `anyone` for those who have
 * neither yet, which is how they get one.
 */
export type Opening = Scope | 'known' | 'signed-in' | 'anyone';

const withoutRight: ReadonlySet<Opening> = new Set(['known', 'signed-in', 'anyone']);

/** Operation → what opens it. Whatever is not listed is closed, and keeps the gateway from starting (P28). */
export const policy: Readonly<Record<string, Opening>> = {
  activateWorkflow: 'write',
  applyPreview: 'write',
  approveHeldPlan: 'approve',
  approvePeoplePlan: 'approve',
  beginCredentialConsent: 'credentials',
  beginSingleSignOn: 'anyone',
  cancelRun: 'write',
  changePassword: 'known',
  cloneIntegration: 'write',
  createApiKey: 'admin',
  createCredential: 'credentials',
  createFirstAdministratorLink: 'admin',
  createIntegration: 'write',
  createOperator: 'admin',
  createOwnApiKey: 'signed-in',
  createPeopleField: 'write',
  createSaasApp: 'write',
  createWorkflow: 'write',
  deactivateWorkflow: 'write',
  deleteCredential: 'credentials',
  deleteIntegration: 'write',
  endCredentialConsent: 'anyone',
  endOperatorSessions: 'admin',
  endSingleSignOn: 'anyone',
  erasePerson: 'admin',
  evaluateIntegrationMapping: 'write',
  explainDeactivation: 'read',
  exportAuditEvents: 'admin',
  exportUseLog: 'admin',
  getAccount: 'read',
  getApiKey: 'admin',
  getConnector: 'known',
  getCredential: 'read',
  getEncryptionKeys: 'admin',
  getErasure: 'admin',
  getGuardSettings: 'read',
  getHeldPlan: 'read',
  getIntegration: 'read',
  getIntegrationChecklist: 'read',
  getIntegrationMapping: 'read',
  getNotice: 'read',
  getOpenApiDocument: 'known',
  getOperation: 'known',
  getOperator: 'admin',
  getOwnApiKey: 'signed-in',
  getPeopleField: 'read',
  getPeoplePlan: 'read',
  getPerson: 'read',
  getPreview: 'read',
  getRecordsStand: 'read',
  getRun: 'read',
  getSaasApp: 'read',
  getSession: 'known',
  getSignInMethods: 'anyone',
  getSourcesOfTruth: 'read',
  [healthOperation]: 'read',
  getWorkflow: 'read',
  getWorkflowRun: 'read',
  holdAccount: 'write',
  holdPerson: 'write',
  launchIntegration: 'write',
  linkAccount: 'write',
  linkSaasApp: 'write',
  listAccountHistory: 'read',
  listAccounts: 'read',
  listApiKeys: 'admin',
  listAuditEvents: 'admin',
  listConnectors: 'known',
  listCredentialTypes: 'known',
  listCredentialUses: 'read',
  listCredentials: 'read',
  listErasures: 'admin',
  listEventTypes: 'known',
  listHeldPlans: 'read',
  listIntegrations: 'read',
  listIntents: 'read',
  listMappingVersions: 'read',
  listMatchingReviews: 'read',
  listNotices: 'read',
  listOperators: 'admin',
  listOwnApiKeys: 'signed-in',
  listPeople: 'read',
  listPeopleFields: 'read',
  listPeoplePlanLines: 'read',
  listPeoplePlans: 'read',
  listPersonAccounts: 'read',
  listPersonHistory: 'read',
  listPersonTimeline: 'read',
  listPreviewGroups: 'read',
  listPreviewLines: 'read',
  listRunChanges: 'read',
  listRunPlan: 'read',
  listRunUndoConflicts: 'read',
  listRuns: 'read',
  listSaasApps: 'read',
  listSaasUsers: 'read',
  listUseLog: 'admin',
  listWorkflowRuns: 'read',
  listWorkflows: 'read',
  markNoticeRead: 'write',
  mergePeople: 'write',
  overridePerson: 'write',
  pauseIntegration: 'write',
  previewIntegrationDeletion: 'write',
  previewIntegrationUpdate: 'write',
  previewMerge: 'write',
  previewSourcesOfTruth: 'write',
  previewRunUndo: 'write',
  protectAccount: 'write',
  protectPerson: 'write',
  redeemOperatorLink: 'anyone',
  refreshSession: 'anyone',
  rejectHeldPlan: 'approve',
  rejectPeoplePlan: 'approve',
  requestPasswordLink: 'anyone',
  resetOperatorPassword: 'admin',
  resetPositions: 'admin',
  testMail: 'admin',
  resyncRecords: 'admin',
  retryRun: 'write',
  revokeApiKey: 'admin',
  revokeOwnApiKey: 'signed-in',
  rotateEncryptionKeys: 'admin',
  setGuardSettings: 'admin',
  setSourcesOfTruth: 'write',
  signIn: 'anyone',
  signOut: 'anyone',
  startPreview: 'write',
  startRun: 'write',
  startUserRun: 'write',
  suggestIntegrationMapping: 'read',
  testCredential: 'credentials',
  testDraftCredential: 'credentials',
  undoPeoplePlan: 'write',
  undoRun: 'write',
  updateCredential: 'credentials',
  updateIntegration: 'write',
  updateIntegrationMapping: 'write',
  updateOperator: 'admin',
  updatePeopleField: 'write',
  updateWorkflow: 'write',
  verifyAudit: 'admin',
  verifyEncryptionKeys: 'admin',
  verifyUseLog: 'admin',
};

/**
 * What an operation is about, where that belongs to an integration or an app: the part of the installation that rights
 * within a limit open. The kind says how the path names it; lists show what is within. Whatever is not listed is about
 * the whole installation, and needs a right everywhere.
 */
export type Subject = 'integration' | 'run' | 'held-plan' | 'account' | 'app' | 'list';

export const subjects: Readonly<Record<string, Subject>> = {
  applyPreview: 'run',
  approveHeldPlan: 'held-plan',
  cancelRun: 'run',
  evaluateIntegrationMapping: 'integration',
  getAccount: 'account',
  getHeldPlan: 'held-plan',
  getIntegration: 'integration',
  getIntegrationChecklist: 'integration',
  getIntegrationMapping: 'integration',
  getPreview: 'run',
  getRun: 'run',
  getSaasApp: 'app',
  holdAccount: 'account',
  launchIntegration: 'integration',
  listAccountHistory: 'account',
  listAccounts: 'list',
  listHeldPlans: 'list',
  listIntegrations: 'list',
  listMappingVersions: 'integration',
  listPreviewGroups: 'run',
  listPreviewLines: 'run',
  listRunChanges: 'run',
  listRunPlan: 'run',
  listRunUndoConflicts: 'run',
  listRuns: 'list',
  listSaasApps: 'list',
  listSaasUsers: 'app',
  pauseIntegration: 'integration',
  previewRunUndo: 'run',
  protectAccount: 'account',
  rejectHeldPlan: 'held-plan',
  retryRun: 'run',
  startPreview: 'integration',
  startRun: 'integration',
  startUserRun: 'integration',
  suggestIntegrationMapping: 'integration',
  undoRun: 'run',
  updateIntegration: 'integration',
  updateIntegrationMapping: 'integration',
};

export function openingOf(operation: string, table = policy): Opening | null {
  return Object.hasOwn(table, operation) ? table[operation]! : null;
}

/** How far somebody's rights open an operation: everywhere, within a limit, or not at all (null). */
export function reachInto(operation: string, rights: readonly Right[], table = policy): 'everywhere' | Limit | null {
  const opening = openingOf(operation, table);
  if (opening === null) return null;
  if (!takesRight(opening)) return 'everywhere';
  const reach = reachOf(rights, opening);
  return reach === 'everywhere' || Object.hasOwn(subjects, operation) ? reach : null;
}

/** Whether it takes a right to call an operation. */
export function isClosed(operation: string, table = policy): boolean {
  const opening = openingOf(operation, table);
  return opening === null || takesRight(opening);
}

export function takesRight(opening: Opening): opening is Scope {
  return !withoutRight.has(opening);
}

/**
 * Faults of the policy in words: operations and fields that it forgot, and entries that open nothing. Empty when all is
 * well.
 */
export function policyFaults(operations: readonly OperationDefinition[], table = policy): string[] {
  const ids = new Set(operations.map(({ id }) => id));
  return [
    ...[...ids].filter((id) => !Object.hasOwn(table, id)).map((id) => `operation ${id} has no entry in the policy`),
    ...Object.keys(table)
      .filter((id) => !ids.has(id))
      .map((id) => `the policy opens ${id}, which is not an operation`),
    ...Object.keys(subjects)
      .filter((id) => !ids.has(id))
      .map((id) => `the policy knows the subject of ${id}, which is not an operation`),
    ...fieldPolicyFaults(operations, isClosed),
  ];
}
