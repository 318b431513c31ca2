/** The time that deadlines are compared with. Deadlines are stored as absolute times, so they outlive the process. */
export interface Clock {
  now(): Date;
}
export const CLOCK = Symbol('clock');
