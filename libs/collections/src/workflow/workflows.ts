import { type WorkflowRecord, workflowRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { recordPaths, text } from '../models/paths.js';

export interface WorkflowDocument extends Omit<WorkflowRecord, 'id'> {
  _id: string;
}

export const workflows = defineCollection<WorkflowDocument>({
  owner: 'workflow',
  name: 'workflows',
  published: true,
  paths: { _id: text, ...recordPaths(workflowRecordSchema) },
  indexes: [{ key: { name: 1 }, options: { unique: true } }],
});
