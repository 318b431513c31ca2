import { AppError } from '@rollcall/contracts';

export const nameTaken = (name: string): AppError =>
  new AppError('name-taken', `There is an entry "${name}" already. Give the new one another name.`);

export const appNotFound = (id: string): AppError =>
  new AppError('entry-not-found', `There is no entry "${id}" under Software > SaaS. See the list of them.`);

export const appLinked = (name: string): AppError =>
  new AppError('app-linked', `"${name}" is linked already, and users may belong to it. Make another entry instead.`);

export const notInCatalogue = (id: string): AppError =>
  new AppError(
    'not-in-catalogue',
    `The catalogue has no application "${id}". Take app.catalogueId of a connector of /catalog/connectors.`,
  );
