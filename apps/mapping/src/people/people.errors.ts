import { AppError } from '@rollcall/contracts';

/** Refusals of what operators decide about people and accounts. */
export const accountNotFound = (id: string): AppError =>
  new AppError('account-not-found', `There is no account ${id}. Choose one from the list of its app or person.`);

export const personNotFound = (id: string): AppError =>
  new AppError('person-not-found', `There is no person ${id}. Choose one from the list of people.`);

export const personMerged = (id: string, into: string): AppError =>
  new AppError('person-merged', `Person ${id} was merged into ${into}. Change that person instead.`, {
    details: { mergedInto: into },
  });

export const personErased = (id: string, at: string): AppError =>
  new AppError('person-erased', `Person ${id} was erased at ${at}. Nothing of them can be changed any more.`);

export const samePerson = (): AppError =>
  new AppError('same-person', 'A person cannot be merged with themselves. Name two different people.');

export const tooManyAccounts = (found: number, most: number): AppError =>
  new AppError(
    'too-many-accounts',
    `The person to be merged has more than ${Math.min(found, most)} accounts, which cannot be a single human. Nothing was changed. Look at their accounts first, and split off those that belong to others.`,
  );

export const lastAccount = (person: string): AppError =>
  new AppError(
    'last-account',
    `It is the only account of person ${person}, who would be left without any. To give everything they have to somebody else, merge the two people.`,
  );

export const valueNotAllowed = (label: string, why: string): AppError =>
  new AppError('value-not-allowed', `The value for ${label} was refused: ${why}. Nothing was changed.`);

export const keyTaken = (label: string, owner: string): AppError =>
  new AppError(
    'key-taken',
    `Another person (${owner}) already has this value of ${label}, which must be unique. Nothing was changed. Choose another value, or merge the two people.`,
    { details: { person: owner } },
  );
