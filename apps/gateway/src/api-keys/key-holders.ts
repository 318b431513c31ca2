import type { ApiKeyDocument } from '@rollcall/collections';
import { type KeyHolder, mostHolders } from '@rollcall/contracts';

const prefix = 'api-key:';

export function actorOf(key: string): string {
  return `${prefix}${key}`;
}

export function idOfActor(actor: string): string {
  return actor.startsWith(prefix) ? actor.slice(prefix.length) : actor;
}

/** People by their keys: those of one owner, and those made with a key that has none, which count with that one. */
export function keyHolders(keys: readonly ApiKeyDocument[], actor: string, now: Date): KeyHolder[] {
  const byPerson = new Map<string, ApiKeyDocument[]>();
  for (const key of keys) {
    const person = personOf(key);
    byPerson.set(person, [...(byPerson.get(person) ?? []), key]);
  }
  const holders = [...byPerson.values()].map((own) => ({
    name: nameOf(own),
    actors: own.map(({ _id }) => actorOf(_id)),
    mayApprove: own.some((key) => isOfUse(key, now) && key.scopes.includes('approve')),
  }));
  const rank = ({ actors, mayApprove }: KeyHolder) => (actors.includes(actor) ? 2 : mayApprove ? 1 : 0);
  return holders.sort((one, other) => rank(other) - rank(one)).slice(0, mostHolders);
}

function personOf({ _id, owner = actorOf(_id) }: ApiKeyDocument): string {
  return owner.normalize('NFKC').trim().toLowerCase();
}

/** A person's name; of keys that nobody named a person for, the name of the one that the others were made with. */
function nameOf(keys: readonly ApiKeyDocument[]): string {
  const named = keys.find(({ owner }) => owner !== undefined && !owner.startsWith(prefix));
  const first = keys.find(({ owner }) => owner === undefined) ?? keys[0]!;
  return named?.owner ?? `the key "${first.name}"`;
}

/** Neither revoked nor expired. */
export function isOfUse({ revokedAt, expiresAt }: ApiKeyDocument, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
