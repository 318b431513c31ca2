import type { ApiKeyDocument, OperatorDocument } from '@rollcall/collections';
import { type KeyHolder, mostHolders } from '@rollcall/contracts';

import { actorOfOperator } from '../operators/operator-actor.js';
import { reachOf, rightsOfGrants } from '../rights/rights.js';
import { operatorsMeant } from './key-owner.js';

const prefix = 'api-key:';

export function actorOf(key: string): string {
  return `${prefix}${key}`;
}

export const isKey = (actor: string): boolean => actor.startsWith(prefix);

export function idOfActor(actor: string): string {
  return isKey(actor) ? actor.slice(prefix.length) : actor;
}

/** Whose keys they are, and whoever signs in. */
export interface Holders {
  readonly keys: readonly ApiKeyDocument[];
  readonly operators: readonly OperatorDocument[];
}

/**
 * People with all that they act by: operators with the keys that are theirs, others by the keys of one owner, and by
 * those made with a key that has none, which count with that one.
 */
export function keyHolders({ keys, operators }: Holders, actor: string, now: Date): KeyHolder[] {
  const byPerson = new Map<string, ApiKeyDocument[]>(
    operators.map(({ _id }) => [actorOfOperator(_id).toLowerCase(), []]),
  );
  const known = new Map(operators.map((operator) => [actorOfOperator(operator._id).toLowerCase(), operator]));
  for (const key of keys) {
    const person = personOf(key, operators);
    byPerson.set(person, [...(byPerson.get(person) ?? []), key]);
  }
  const holders = [...byPerson].map(([person, own]) => holderOf(own, known.get(person), now));
  const rank = ({ actors, mayApprove }: KeyHolder) => (actors.includes(actor) ? 2 : mayApprove ? 1 : 0);
  return holders.sort((one, other) => rank(other) - rank(one)).slice(0, mostHolders);
}

function holderOf(keys: readonly ApiKeyDocument[], operator: OperatorDocument | undefined, now: Date): KeyHolder {
  const isUseful = operator === undefined || operator.state === 'active';
  const byKey = keys.some((key) => isOfUse(key, now) && key.scopes.includes('approve'));
  const byRole = operator !== undefined && reachOf(rightsOfGrants(operator.grants), 'approve') !== null;
  return {
    name: operator?.name ?? nameOf(keys),
    actors: [...(operator ? [actorOfOperator(operator._id)] : []), ...keys.map(({ _id }) => actorOf(_id))],
    mayApprove: isUseful && (byKey || byRole),
  };
}

function personOf({ _id, owner = actorOf(_id) }: ApiKeyDocument, operators: readonly OperatorDocument[]): string {
  const [operator] = operatorsMeant(owner, operators);
  return (operator ? actorOfOperator(operator._id) : owner.normalize('NFKC').trim()).toLowerCase();
}

/** A person's name; of keys that nobody named a person for, the name of the one that the others were made with. */
function nameOf(keys: readonly ApiKeyDocument[]): string {
  const named = keys.find(({ owner }) => owner !== undefined && !isKey(owner));
  const first = keys.find(({ owner }) => owner === undefined) ?? keys[0]!;
  return named?.owner ?? `the key "${first.name}"`;
}

/** Neither revoked nor expired. */
export function isOfUse({ revokedAt, expiresAt }: ApiKeyDocument, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
