import { type RawUser, usersPerMessage } from '@rollcall/contracts';

/** Most characters of one message; a single larger user travels alone. */
export const messageCharacters = 200_000;
/** Most bytes of a user; a message of the topic may have 8 MB. */
const userBytes = 7 * 1024 * 1024;
/** No name of a user is longer; one that is could make even the rest of the record too large. */
const longestName = 1000;

export interface MessageHead {
  readonly integration: string;
  readonly generation: number;
  readonly run: string;
}

/**
 * Values of records messages with at most 50 users and about 200 kB each (architecture 4). Every user is serialised
 * once and the texts are joined: this is the hottest code of the service.
 */
export function packUsers(head: MessageHead, users: readonly RawUser[]): string[] {
  const { integration, generation, run } = head;
  const opening = `{"k":"records","i":${JSON.stringify(integration)},"g":${generation},"r":${JSON.stringify(run)},"u":[`;
  const values: string[] = [];
  let texts: string[] = [];
  let characters = 0;
  const close = (): void => {
    if (texts.length === 0) return;
    values.push(`${opening}${texts.join(',')}]}`);
    texts = [];
    characters = 0;
  };
  for (const user of users) {
    const text = travelText(user);
    if (texts.length === usersPerMessage || characters + text.length > messageCharacters) close();
    texts.push(text);
    characters += text.length;
  }
  close();
  return values;
}

/** A user who cannot travel as they are is named instead, and counts as seen: one record never ends a run. */
function travelText(user: RawUser): string {
  const text = JSON.stringify(user);
  // No character has more than three bytes, so most users need not be counted.
  if (text.length <= userBytes / 3 || Buffer.byteLength(text) <= userBytes) return text;
  const username = user.username !== null && user.username.length > longestName ? null : user.username;
  return JSON.stringify({ ...user, username, raw: {}, problem: tooLarge });
}

const tooLarge: RawUser['problem'] = {
  code: 'record-too-large',
  message:
    'The record was not taken: it is larger than a message may be. Shorten it at the vendor. Until then the values here stay as they were.',
};
