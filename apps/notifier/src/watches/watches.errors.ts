import { AppError } from '@rollcall/contracts';

export class WatchError extends AppError<'event-unreadable'> {}

/** Names the type only: the data may hold anything. */
export const eventUnreadable = (type: string): WatchError =>
  new WatchError(
    'event-unreadable',
    `An event ${type} does not have the fields that its version promises. Update all services to the same version.`,
  );
