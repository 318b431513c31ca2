import { AppError } from '@rollcall/contracts';

export const integrationNotFound = (id: string): AppError =>
  new AppError(
    'integration-not-found',
    `There is no integration ${id} among the sources. See the list of integrations.`,
  );
