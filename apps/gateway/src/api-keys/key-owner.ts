import type { OperatorDocument } from '@rollcall/collections';

import { emailKeyOf } from '../operators/email-key.js';
import { operatorOfActor } from '../operators/operator-actor.js';

/**
 * The operators that the owner of a key means: by id, address or name, in any case, whether they were invited before the
 * key was made or after it. None for a service or anybody else who does not sign in; several where a name is not enough.
 */
export function operatorsMeant(owner: string, operators: readonly OperatorDocument[]): OperatorDocument[] {
  const text = plain(owner);
  const id = operatorOfActor(text);
  if (id !== null) return operators.filter(({ _id }) => plain(_id) === id);
  const address = emailKeyOf(owner);
  const byAddress = operators.filter(({ _id, emailKey }) => emailKey === address || plain(_id) === text);
  return byAddress.length > 0 ? byAddress : operators.filter(({ name }) => plain(name) === text);
}

/** Does it say that it is an operator, whether or not there is one? */
export const saysOperator = (owner: string): boolean => operatorOfActor(plain(owner)) !== null;

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
