import type { Scope } from '@rollcall/contracts';

import type { OperationDefinition } from '../http/operation.js';

/** Routes without a key: for load balancers and monitoring. They tell nothing about people. */
export const openPaths: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** The one that says what is wrong, so it must also say that no key can be looked up. */
export const healthOperation = 'getSystemHealth';

/** Operation → scope that opens it. Whatever is not listed is closed, and keeps the gateway from starting (P28). */
export const policy: Readonly<Record<string, Scope>> = {
  activateWorkflow: 'write',
  applyPreview: 'write',
  approveHeldPlan: 'approve',
  approvePeoplePlan: 'approve',
  cancelRun: 'write',
  cloneIntegration: 'write',
  createApiKey: 'admin',
  createCredential: 'credentials',
  createIntegration: 'write',
  createPeopleField: 'write',
  createSaasApp: 'write',
  createWorkflow: 'write',
  deactivateWorkflow: 'write',
  deleteCredential: 'credentials',
  deleteIntegration: 'write',
  evaluateIntegrationMapping: 'write',
  getAccount: 'read',
  getConnector: 'read',
  getCredential: 'read',
  getGuardSettings: 'read',
  getHeldPlan: 'read',
  getIntegration: 'read',
  getIntegrationChecklist: 'read',
  getIntegrationMapping: 'read',
  getOpenApiDocument: 'read',
  getOperation: 'read',
  getPeoplePlan: 'read',
  getPerson: 'read',
  getPreview: 'read',
  getRecordsStand: 'read',
  getRun: 'read',
  getSaasApp: 'read',
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
  listApiKeys: 'admin',
  listConnectors: 'read',
  listCredentials: 'read',
  listEventTypes: 'read',
  listHeldPlans: 'read',
  listIntegrations: 'read',
  listIntents: 'read',
  listMappingVersions: 'read',
  listMatchingReviews: 'read',
  listNotices: 'read',
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
  listRuns: 'read',
  listSaasApps: 'read',
  listSaasUsers: 'read',
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
  protectAccount: 'write',
  protectPerson: 'write',
  rejectHeldPlan: 'approve',
  rejectPeoplePlan: 'approve',
  resetPositions: 'admin',
  resyncRecords: 'admin',
  retryRun: 'write',
  revokeApiKey: 'admin',
  setGuardSettings: 'admin',
  setSourcesOfTruth: 'write',
  startPreview: 'write',
  startRun: 'write',
  startUserRun: 'write',
  suggestIntegrationMapping: 'read',
  testCredential: 'credentials',
  undoPeoplePlan: 'write',
  undoRun: 'write',
  updateCredential: 'credentials',
  updateIntegration: 'write',
  updateIntegrationMapping: 'write',
  updatePeopleField: 'write',
  updateWorkflow: 'write',
};

export function mayCall(operation: string, scopes: readonly string[], table = policy): boolean {
  return Object.hasOwn(table, operation) && scopes.includes(table[operation]!);
}

/** Faults of a policy table in words: operations that it forgot and entries that open nothing. Empty when all is well. */
export function policyFaults(operations: readonly OperationDefinition[], table = policy): string[] {
  const ids = new Set(operations.map(({ id }) => id));
  return [
    ...[...ids].filter((id) => !Object.hasOwn(table, id)).map((id) => `operation ${id} has no entry in the policy`),
    ...Object.keys(table)
      .filter((id) => !ids.has(id))
      .map((id) => `the policy opens ${id}, which is no operation`),
  ];
}
