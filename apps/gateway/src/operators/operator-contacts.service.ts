import { Injectable } from '@nestjs/common';
import type { Contact, ContactBody } from '@rollcall/contracts';

import { GatewayError } from '../gateway.errors.js';
import { OperatorsRepository } from './operators.repository.js';

/** Turns contacts as people enter them into contacts with name and address. */
@Injectable()
export class OperatorContacts {
  constructor(private readonly operators: OperatorsRepository) {}

  /**
   * @param pointer JSON pointer of the contacts in the body
   * @throws GatewayError invalid-request for operators that there are not, or who are disabled
   */
  async resolve(contacts: readonly ContactBody[], pointer: string): Promise<Contact[]> {
    return Promise.all(contacts.map((contact, at) => this.resolveOne(contact, `${pointer}/${at}`)));
  }

  async resolveOne({ operator: id, name = '', email = '' }: ContactBody, pointer: string): Promise<Contact> {
    if (id === undefined) return { name, email };
    const found = await this.operators.find(id);
    if (found === null) throw refused(pointer, `There is no operator ${id}. Choose one from the list of operators.`);
    if (found.state === 'disabled') {
      throw refused(pointer, `${found.name} is disabled and hears of nothing. Choose somebody else.`);
    }
    return { name: found.name, email: found.email, operator: id };
  }
}

function refused(pointer: string, message: string): GatewayError {
  return new GatewayError('invalid-request', message, [{ pointer: `${pointer}/operator`, message }]);
}
