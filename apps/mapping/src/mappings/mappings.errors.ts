import { AppError } from '@rollcall/contracts';

export const integrationNotFound = (id: string): AppError =>
  new AppError('integration-not-found', `There is no integration ${id} with a mapping. See the list of integrations.`);

export const mappingInvalid = (faults: readonly string[]): AppError =>
  new AppError('mapping-invalid', `The mapping was not saved. ${faults.join(' ')}`, { details: { faults } });

export const fieldTaken = (variable: string): AppError =>
  new AppError('field-taken', `There is a people field "${variable}" already. Give the new one another variable name.`);

export const unknownField = (variable: string): AppError =>
  new AppError('unknown-field', `There is no people field "${variable}". See the list of fields.`);

export const builtIn = (label: string): AppError =>
  new AppError(
    'field-built-in',
    `${label} is a built-in field: its label, and whether it is filterable, can be changed, and nothing else of it.`,
  );

export const inUse = (label: string): AppError =>
  new AppError(
    'field-in-use',
    `${label} is a sync key of a mapping, so it has to stay unique. Take another sync key first.`,
  );
