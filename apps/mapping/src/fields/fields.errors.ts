import { AppError } from '@rollcall/contracts';

export const unknownField = (variable: string): AppError =>
  new AppError('unknown-field', `There is no people field "${variable}". See the list of people fields.`, {
    details: { variable },
  });

export const tooManyFilterable = (most: number): AppError =>
  new AppError(
    'too-many-filterable-fields',
    `At most ${most} people fields can be filterable, so nothing was saved. Take the mark from one that nobody filters by, then repeat your change.`,
    { details: { most } },
  );
