import { days, defineCollection } from '../define-collection.js';
import { date, flag, number, optional, text } from '../models/paths.js';

/** Wrong passwords for one account, from one network or (`<account> *`) from all networks that it is not known in. */
export interface SignInFailuresDocument {
  /** Keyed digest of the account's e-mail key, and the network. There need be no such account. */
  _id: string;
  failures: number;
  lastAt: Date;
  /** No password is tried until then. */
  pausedUntil: Date | null;
  /** The right password came from this network: guesses from elsewhere do not lock it out. */
  isKnown: boolean;
}

export const signInFailures = defineCollection<SignInFailuresDocument>({
  owner: 'gateway',
  name: 'signInFailures',
  published: false,
  paths: { _id: text, failures: number, lastAt: date, pausedUntil: optional.date, isKnown: flag },
  indexes: [{ key: { lastAt: 1 }, options: { expireAfterSeconds: days(90) } }],
});
