import { AppError } from '@rollcall/contracts';

export const integrationNotFound = (id: string): AppError =>
  new AppError(
    'integration-not-found',
    `There is no integration ${id} among the sources. See the list of integrations.`,
  );

export const versionConflict = (expected: number, actual: number): AppError =>
  new AppError(
    'version-conflict',
    `Somebody else changed what folds people in the meantime (version ${actual}, yours is ${expected}). Look at it again, then repeat your change.`,
    { details: { expected, actual } },
  );
