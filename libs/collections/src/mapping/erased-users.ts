import { defineCollection } from '../define-collection.js';
import { date, text } from '../models/paths.js';

/**
 * A vendor user of an erased person, by a keyed digest of the vendor's id: a run that meets the user again, inactive at the
 * vendor, makes no new person of them, and nobody can read the id from it without the installation's key.
 */
export interface ErasedUserDocument {
  /** `<integration>:<digest>`. */
  _id: string;
  /** The account as it is called now. */
  account: string;
  person: string;
  at: Date;
}

export const erasedUsers = defineCollection<ErasedUserDocument>({
  owner: 'mapping',
  name: 'erasedUsers',
  published: false,
  paths: { _id: text, account: text, person: text, at: date },
});
