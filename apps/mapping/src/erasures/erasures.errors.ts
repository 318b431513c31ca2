import { AppError } from '@rollcall/contracts';

export const personStillActive = (person: string, integrations: readonly string[]): AppError =>
  new AppError(
    'person-still-active',
    `Person ${person} is active${integrations.length === 0 ? '' : ` by ${named(integrations)}`}. Nothing was erased, because the next run would bring their values back. Have them deactivated or deleted at the vendor, let a run read that, and erase them then.`,
    { details: { integrations } },
  );

export const personStillListed = (person: string, integrations: readonly string[]): AppError =>
  new AppError(
    'person-still-listed',
    `${named(integrations)} still listed person ${person} in the newest run, and did not say that they are inactive. Nothing was erased, because the next run would bring their values back. Have them deactivated or deleted at the vendor, let a run read that, and erase them then.`,
    { details: { integrations } },
  );

export const personInOpenWork = (person: string, what: readonly string[]): AppError =>
  new AppError(
    'person-in-open-work',
    `Something is still under way that concerns person ${person}: ${what.join('; ')}. Nothing was erased. Wait until it has ended, or decide it, and try again.`,
    { details: { open: what } },
  );

export const erasureNotFound = (person: string): AppError =>
  new AppError('erasure-not-found', `Nobody asked to erase person ${person}.`);

const named = (integrations: readonly string[]): string => `integration ${integrations.join(', ')}`;
