import { type WorkflowDefinition, workflowDefinitionSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, fits, number, optional, text } from '../models/paths.js';

/** What activation published: immutable. */
export interface WorkflowVersionDocument {
  /** `<workflow>/<version>`. */
  _id: string;
  workflow: string;
  version: number;
  name: string;
  definition: WorkflowDefinition;
  publishedAt: Date;
  /** Events from this instant on start it: the first activation since the last pause. `publishedAt` without one. */
  activeSince?: Date;
}

export const workflowVersions = defineCollection<WorkflowVersionDocument>({
  owner: 'workflow',
  name: 'workflowVersions',
  published: true,
  paths: {
    _id: text,
    workflow: text,
    version: number,
    name: text,
    definition: fits(workflowDefinitionSchema),
    publishedAt: date,
    activeSince: optional.date,
  },
});
