import { Injectable } from '@nestjs/common';
import { Databases, operatorContacts, trusted } from '@rollcall/collections';
import type { Contact } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

/** Reads of the operators, as the gateway publishes them, how they are told. */
@Injectable()
export class ContactsRepository {
  constructor(private readonly databases: Databases) {}

  /** Contacts as they are now: operators at their present address, and none who is disabled. */
  async present(contacts: readonly Contact[], session: ClientSession): Promise<Contact[]> {
    const ids = contacts.flatMap(({ operator }) => operator ?? []);
    if (ids.length === 0) return [...contacts];
    const model = this.databases.model(operatorContacts);
    const found = await model.find({ _id: trusted({ $in: ids }) }, null, { session }).lean();
    const known = new Map(found.map((contact) => [contact._id, contact]));
    return contacts.flatMap((contact) => {
      const operator = known.get(contact.operator ?? '');
      if (operator === undefined) return [contact];
      return operator.isActive ? [{ ...contact, name: operator.name, email: operator.email }] : [];
    });
  }
}
