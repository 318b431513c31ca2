import { AppError } from '@rollcall/contracts';

export const unknownField = (variable: string): AppError =>
  new AppError('unknown-field', `There is no people field "${variable}". See the list of people fields.`, {
    details: { variable },
  });
