import { Injectable } from '@nestjs/common';
import {
  alwaysIndexed,
  Databases,
  definitionOf,
  fieldIndex,
  fields,
  indexedField,
  people,
} from '@rollcall/collections';
import { EveryInterval } from '@rollcall/service';

import { markedFields } from '../fields/filterable-fields.js';

const everyMs = 5_000;

/** Makes and takes away the indexes of people fields as they are marked filterable. Lists ask which are there. */
@Injectable()
export class FieldIndexesService {
  constructor(private readonly databases: Databases) {}

  @EveryInterval('field indexes', everyMs)
  async follow(): Promise<void> {
    const wanted = markedFields(await this.databases.model(fields).find({ filterable: true }).lean());
    const collection = this.databases.collection(people);
    const names = (await collection.indexes()).map(({ name = '' }) => name);
    const there = new Set(names.map(indexedField));
    for (const variable of wanted.filter((one) => !there.has(one))) {
      const { key, options } = definitionOf(fieldIndex(variable));
      await collection.createIndex(key, options);
    }
    const kept: ReadonlySet<string | null> = new Set([null, ...alwaysIndexed, ...wanted]);
    for (const name of names.filter((one) => !kept.has(indexedField(one)))) await collection.dropIndex(name);
  }
}
