import {
  accountRecordSchema,
  accountViewSchema,
  apiKeySchema,
  causeSchema,
  changeSchema,
  connectorManifestSchema,
  credentialRecordSchema,
  integrationRecordSchema,
  intentSchema,
  noticeRecordSchema,
  operationSchema,
  personRecordSchema,
  plannedLineSchema,
  presetSchema,
  problemSchema,
  runRecordSchema,
  saasAppSchema,
  saasUserSchema,
  systemHealthSchema,
  workflowDefinitionSchema,
  workflowRecordSchema,
  workflowRunRecordSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

/** Schemas that get a name under `components`, so that generated clients have types with names. */
const named = {
  Account: accountRecordSchema,
  AccountView: accountViewSchema,
  ApiKey: apiKeySchema,
  Cause: causeSchema,
  Change: changeSchema,
  Connector: connectorManifestSchema,
  Credential: credentialRecordSchema,
  Integration: integrationRecordSchema,
  Intent: intentSchema,
  Notice: noticeRecordSchema,
  Operation: operationSchema,
  Person: personRecordSchema,
  PlannedLine: plannedLineSchema,
  Preset: presetSchema,
  Problem: problemSchema,
  Run: runRecordSchema,
  SaasApp: saasAppSchema,
  SaasUser: saasUserSchema,
  SystemHealth: systemHealthSchema,
  Workflow: workflowRecordSchema,
  WorkflowDefinition: workflowDefinitionSchema,
  WorkflowRun: workflowRunRecordSchema,
};

export const schemaNames = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(named)) schemaNames.add(schema as z.ZodType, { id });
