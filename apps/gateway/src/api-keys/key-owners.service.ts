import { Injectable } from '@nestjs/common';
import type { OperatorDocument } from '@rollcall/collections';

import { GatewayError } from '../gateway.errors.js';
import { actorOfOperator, operatorOfActor } from '../operators/operator-actor.js';
import { OperatorsRepository } from '../operators/operators.repository.js';
import { isKey } from './key-holders.js';
import { operatorsMeant } from './key-owner.js';

/** How old what operators are called may be: a busy key of a service must not read all of them at each request. */
const knownForMs = 2_000;

/** Whose keys are whose. */
@Injectable()
export class KeyOwners {
  private known: { readonly at: number; readonly operators: Promise<OperatorDocument[]> } | null = null;

  constructor(private readonly operators: OperatorsRepository) {}

  /** The operators whose key it is, as they are now. Keys name the id of their owner; older ones may name an address, or a name. */
  async operatorsOf(owner: string): Promise<OperatorDocument[]> {
    if (isKey(owner)) return [];
    const id = operatorOfActor(owner);
    const byId = id === null ? null : await this.operators.find(id);
    if (byId) return [byId];
    const meant = operatorsMeant(owner, await this.lately());
    const now = await Promise.all(meant.map(({ _id }) => this.operators.find(_id)));
    return now.filter((operator) => operator !== null);
  }

  /** An operator by their id, so that the key stays theirs under another name or address. @throws GatewayError invalid-request */
  async resolve(owner: string): Promise<string> {
    const meant = isKey(owner) ? [] : operatorsMeant(owner, await this.operators.all());
    if (meant.length > 1) throw severalMeant(owner);
    return meant[0] ? actorOfOperator(meant[0]._id) : owner;
  }

  private async lately(): Promise<OperatorDocument[]> {
    const now = performance.now();
    if (!this.known || now - this.known.at > knownForMs) this.known = { at: now, operators: this.operators.all() };
    try {
      return await this.known.operators;
    } catch (error) {
      this.known = null;
      throw error;
    }
  }
}

const severalMeant = (owner: string): GatewayError =>
  new GatewayError(
    'invalid-request',
    `Several operators are called "${owner}", so nobody could tell whose key this is; no key was made. Send the address of the one you mean, or operator:<id>, as owner.`,
    [{ pointer: '/owner', message: 'is the name of several operators' }],
  );
