import { Injectable } from '@nestjs/common';
import type { AccountDocument, ClientSession } from '@rollcall/collections';

import { FieldsRepository } from '../fields/fields.repository.js';
import { KeyOwners } from './key-owners.js';
import { earlierForm, keyFieldOf, keysOf } from './keys.js';
import { hasLeft } from './match-person.js';
import { PeopleReadsRepository } from './people-reads.repository.js';

/** Values of people who left that were given to somebody else. */
@Injectable()
export class LeaversKeys {
  constructor(
    private readonly fields: FieldsRepository,
    private readonly reads: PeopleReadsRepository,
  ) {}

  /**
   * People who left and hold keys that an account brings along, with these keys. Somebody has just decided that the account
   * is not theirs: whoever it belongs to would else never get their own e-mail.
   * @param owner the person who gets the account
   */
  async holdingKeysOf(
    account: AccountDocument,
    owner: string | null,
    session: ClientSession,
  ): Promise<Map<string, ReadonlySet<string>>> {
    const unique = (await this.fields.all(session)).filter((field) => field.unique).map(keyFieldOf);
    const keys = [...keysOf(account.values, unique).values()];
    const owners = new KeyOwners(unique);
    const reads = this.reads.within(session);
    const holders = await reads.peopleByKey(owners.unasked(keys));
    for (const holder of holders) owners.add(holder);
    const accounts = await reads.accountsOfPeople(holders.map(({ _id }) => _id));
    const left = holders.filter((holder) => {
      const own = accounts.filter(({ _id, person }) => person === holder._id && _id !== account._id);
      return holder._id !== owner && hasLeft(holder, own);
    });
    const isTheirs = (person: string) => (key: string) => owners.of(key)?._id === person;
    return new Map(left.map(({ _id }) => [_id, new Set(keys.filter(isTheirs(_id)).flatMap(formsOf))]));
  }
}

/** A key is yielded in whatever form it is stored. */
const formsOf = (key: string): string[] => [key, ...[earlierForm(key)].filter((form) => form !== null)];
