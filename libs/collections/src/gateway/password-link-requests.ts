import { days, defineCollection } from '../define-collection.js';
import { date, number, text } from '../models/paths.js';

/** How often a link to choose another password was asked for, for one account. There need be no such account. */
export interface PasswordLinkRequestsDocument {
  /** Keyed digest of the account's e-mail key. */
  _id: string;
  count: number;
  /** Requests are counted from then on, for an hour. */
  since: Date;
}

export const passwordLinkRequests = defineCollection<PasswordLinkRequestsDocument>({
  owner: 'gateway',
  name: 'passwordLinkRequests',
  published: false,
  paths: { _id: text, count: number, since: date },
  indexes: [{ key: { since: 1 }, options: { expireAfterSeconds: days(1) } }],
});
