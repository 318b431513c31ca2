import type { CredentialDocument, RunDocument } from '@rollcall/collections';
import type { InputOf, reportCredential } from '@rollcall/contracts';

import { isCompleted } from './run-state.js';

/** Ends of a run that say that the vendor does not accept the credential, or not for this. */
const refusals: ReadonlySet<string> = new Set(['vendor-auth-rejected', 'vendor-forbidden']);

type RunEnd = Pick<RunDocument, 'pinned' | 'state' | 'reason' | 'acceptedSecret'>;

/** What the end of a run says to the vault about its credential, null when that is no news to it (V19, F4). */
export function credentialNews(
  { pinned, state, reason, acceptedSecret }: RunEnd,
  known: Pick<CredentialDocument, 'attention' | 'previous'> | null,
): InputOf<typeof reportCredential> | null {
  if (pinned === null) return null;
  const { credential, secretVersion } = pinned;
  const refused = state === 'failed' ? reason : null;
  if (refused !== null && refusals.has(refused.code)) return { credential, secretVersion, refused };
  const isWaitedFor = Boolean(known?.attention ?? known?.previous);
  if (!isWaitedFor || !isCompleted(state) || acceptedSecret === undefined) return null;
  // The vendor may have refused the secret that the run began with, and accepted that of before.
  return { credential, secretVersion: acceptedSecret, refused: null };
}
