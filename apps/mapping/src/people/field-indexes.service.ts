import { Injectable } from '@nestjs/common';
import {
  alwaysIndexed,
  Databases,
  definitionOf,
  type FieldDocument,
  fieldIndex,
  fields,
  people,
} from '@rollcall/collections';
import { EveryInterval } from '@rollcall/service';

const everyMs = 5_000;
/** Each costs something with every person who is written, and a collection has room for 64 in all. */
export const mostMarked = 16;

const isAlways: ReadonlySet<string> = new Set(alwaysIndexed);
const indexName = /^values\.([a-z][a-z0-9_]*)_1__id_1$/;

/** Makes and takes away the indexes of people fields as they are marked filterable. Lists ask which are there. */
@Injectable()
export class FieldIndexesService {
  constructor(private readonly databases: Databases) {}

  @EveryInterval('field indexes', everyMs)
  async follow(): Promise<void> {
    const marked = await this.databases.model(fields).find({ filterable: true }).sort({ _id: 1 }).lean();
    const wanted = indexable(marked);
    const collection = this.databases.collection(people);
    const there = (await collection.indexes()).flatMap(({ name }) => indexName.exec(name ?? '')?.[1] ?? []);
    for (const variable of wanted.filter((one) => !there.includes(one))) {
      const { key, options } = definitionOf(fieldIndex(variable));
      await collection.createIndex(key, options);
    }
    for (const variable of there.filter((one) => !wanted.includes(one) && !isAlways.has(one))) {
      await collection.dropIndex(`values.${variable}_1__id_1`);
    }
  }
}

function indexable(marked: readonly FieldDocument[]): string[] {
  return marked
    .map(({ variable }) => variable)
    .filter((variable) => !isAlways.has(variable))
    .slice(0, mostMarked);
}
