import { AppError } from '@rollcall/contracts';

import type { Fault } from './validate-definition.js';

export type WorkflowErrorCode = 'workflow-not-found' | 'workflow-invalid' | 'name-taken';

export class WorkflowError extends AppError<WorkflowErrorCode> {}

export const workflowNotFound = (id: string): WorkflowError =>
  new WorkflowError('workflow-not-found', 'There is no workflow with this id. It may have been removed.', {
    details: { id },
  });

/** All faults at once, so that nobody has to save ten times to hear ten of them (R104). */
export const workflowInvalid = (faults: readonly Fault[]): WorkflowError =>
  new WorkflowError(
    'workflow-invalid',
    `The workflow cannot be saved or activated: ${faults.map((fault) => fault.message).join(' ')}`,
    { details: { faults } },
  );

export const nameTaken = (name: string): WorkflowError =>
  new WorkflowError('name-taken', `Another workflow is called "${name}" already. Choose another name.`, {
    details: { name },
  });
