import { z } from 'zod';

import { workflowRunRecordSchema } from '../domain/workflow.js';
import { workflowsTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const workflowRunEventDataSchema = z.object({ workflowRun: workflowRunRecordSchema });

const workflowEvent = (type: string, description: string) =>
  defineEvent({ type, topic: workflowsTopic, source: 'workflow', description, data: workflowRunEventDataSchema });

export const workflowRunStarted = workflowEvent('workflow-run.started', 'An event started a workflow.');
export const workflowRunWaiting = workflowEvent(
  'workflow-run.waiting',
  'A step waits for the undo window, a budget or a person.',
);
export const workflowRunCompleted = workflowEvent('workflow-run.completed', 'Every step of a workflow run was done.');
export const workflowRunFailed = workflowEvent('workflow-run.failed', 'A step of a workflow run failed permanently.');
