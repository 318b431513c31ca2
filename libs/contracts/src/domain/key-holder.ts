import { z } from 'zod';

/** Most people that a command names; beyond them nobody could read the list. */
export const mostHolders = 2000;

/**
 * One person and the API keys that are theirs, revoked ones too: whoever changed something with a key that is gone by now
 * changed it all the same.
 */
export const keyHolderSchema = z.object({
  /** The `owner` of the keys; of a key without one, its name. */
  name: z.string(),
  /** `api-key:<id>` of each. */
  actors: z.array(z.string()).min(1),
  /** Whether one of the keys that work has the scope `approve`. */
  mayApprove: z.boolean(),
});
export type KeyHolder = z.infer<typeof keyHolderSchema>;

/** People with keys, so that the owner of a decision can tell who decides. Left out: every actor is a person of their own. */
export const keyHoldersSchema = z.array(keyHolderSchema).max(mostHolders).default([]);

/** What somebody did, as a sentence goes on after "you": `changed the mapping of "Directory"`. */
export interface Deed {
  /** Actor of the command that did it. */
  readonly by: string;
  readonly at: Date;
  readonly what: string;
}
