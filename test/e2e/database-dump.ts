import { createHash } from 'node:crypto';

import type { TestEnvironment } from '@rollcall/testing';

/** Digest of every document by `database.collection/id`. */
export type Dump = ReadonlyMap<string, string>;

/** Move while nothing happens: leases are renewed, positions and marks pass over what is refused, ends of chains are noted. */
const restless = new Set(['leases', 'positions', 'recordEpochs', 'useChains', 'auditChains']);

export async function dumpOf({ databases, namespace }: TestEnvironment): Promise<Dump> {
  const { client } = databases;
  const dump = new Map<string, string>();
  const all = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of all.databases.filter((database) => database.name.startsWith(`${namespace}_`))) {
    const collections = await client.db(name).listCollections({}, { nameOnly: true }).toArray();
    for (const collection of collections.filter((one) => !restless.has(one.name))) {
      for await (const document of client.db(name).collection(collection.name).find().sort({ _id: 1 })) {
        const digest = createHash('sha256').update(JSON.stringify(document)).digest('base64url');
        dump.set(`${name.slice(namespace.length + 1)}.${collection.name}/${String(document._id)}`, digest);
      }
    }
  }
  return dump;
}

/** Documents that are new, gone or other than before. */
export function changedBetween(before: Dump, after: Dump): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id) !== after.get(id)).sort();
}
