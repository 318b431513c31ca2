import { type RawUser, usersPerMessage } from '@rollcall/contracts';

/** Most characters of one message; a single larger user travels alone. */
export const messageCharacters = 200_000;

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
    const text = JSON.stringify(user);
    if (texts.length === usersPerMessage || characters + text.length > messageCharacters) close();
    texts.push(text);
    characters += text.length;
  }
  close();
  return values;
}
