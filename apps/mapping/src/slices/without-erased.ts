import type { ErasedUserDocument } from '@rollcall/collections';

import { type MappedSlice, mapSlice } from './mapped-slice.js';
import { note } from './seen-chunk.js';

/** Users of erased people who must not come back: those of whom the vendor does not say that they are active. */
export function stayingErased(
  { observed, refused }: MappedSlice,
  erased: ReadonlyMap<string, ErasedUserDocument>,
): ReadonlyMap<string, ErasedUserDocument> {
  const users = [...observed, ...refused].map(({ user }) => user);
  return new Map(
    users.flatMap(({ id, status }) => {
      const known = status === 'active' ? undefined : erased.get(id);
      return known === undefined ? [] : [[id, known] as const];
    }),
  );
}

/**
 * The slice as if these users were not in it. They count as seen, under the name that their account has now, and as
 * skipped; nothing that the vendor says of them is kept.
 */
export function withoutErased(mapped: MappedSlice, erased: ReadonlyMap<string, ErasedUserDocument>): MappedSlice {
  const { place, slice, reading, mapping } = mapped;
  const messages = slice.messages.map((message) => ({
    ...message,
    users: message.users.filter(({ id }) => !erased.has(id)),
  }));
  const left = mapSlice(place, { ...slice, messages }, reading, mapping, mapped.seen.at);
  const unknown = new Set(
    [...mapped.observed, ...mapped.refused].filter(({ user }) => user.status === 'unknown').map(({ user }) => user.id),
  );
  for (const [id, { account, at }] of erased) {
    const name = account.slice(slice.integration.length + 1);
    left.seen.ids.push(name);
    left.seen.skipped += 1;
    if (unknown.has(id)) note(left.seen, { id: name, code: 'erased-user', message: whyLeftOut(at) });
  }
  return { ...left, slice };
}

function whyLeftOut(at: Date): string {
  const day = at.toISOString().slice(0, 10);
  return (
    `The vendor lists a user whose person was erased on ${day}, and does not say whether they are active. They were left ` +
    'out. Delete the user at the vendor; if they came back, have the vendor say that they are active.'
  );
}
