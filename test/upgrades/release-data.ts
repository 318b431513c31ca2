import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { TestEnvironment } from '@rollcall/testing';
import type { Mutation, VendorCredentials } from '@rollcall/vendor-simulator';
import { BSON, type CreateIndexesOptions, type Document, type IndexSpecification } from 'mongodb';

/** What must be known of the world in which the data of a release was made. */
export interface ReleaseFacts {
  readonly begun: string;
  readonly ended: string;
  readonly seed: string;
  readonly company: `load:${number}`;
  readonly ports: Readonly<Record<string, number>>;
  readonly mutations: readonly Mutation[];
  readonly vendorCredentials: Partial<VendorCredentials>;
  /** The vault's key-encryption key. */
  readonly kek: string;
}

const directory = join(process.cwd(), 'test', 'upgrades');
/** Everything planned for later lies within so long after the data was made. */
const horizonMs = 40 * 24 * 60 * 60_000;

export async function factsOf(release: string): Promise<ReleaseFacts> {
  return JSON.parse(await readFile(join(directory, release, 'facts.json'), 'utf8')) as ReleaseFacts;
}

/**
 * The databases of a release as that version left them, with its indexes, in the namespace of the environment. Times of the
 * data are moved to a moment ago: else the database would remove much of it as too old.
 */
export async function loadRelease(release: string, { databases, namespace }: TestEnvironment): Promise<void> {
  const facts = await factsOf(release);
  const folder = join(directory, release);
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl.gz'))) {
    const database = databases.client.db(`${namespace}_${file.replace('.jsonl.gz', '')}`);
    const text = movedToNow(gunzipSync(await readFile(join(folder, file))).toString('utf8'), facts);
    const documents = new Map<string, Document[]>();
    for (const line of text.trim().split('\n')) {
      const { collection, indexes, document } = BSON.EJSON.parse(line, { relaxed: false }) as Line;
      if (document !== undefined) documents.get(collection)!.push(document);
      else {
        documents.set(collection, []);
        await database.createCollection(collection);
        for (const { key, v: _version, ...options } of indexes ?? [])
          await database.collection(collection).createIndex(key, options);
      }
    }
    for (const [collection, some] of documents)
      if (some.length > 0) await database.collection(collection).insertMany(some);
  }
}

interface Line {
  readonly collection: string;
  readonly indexes?: readonly (CreateIndexesOptions & { readonly key: IndexSpecification; readonly v?: number })[];
  readonly document?: Document;
}

function movedToNow(text: string, { begun, ended }: ReleaseFacts): string {
  const [from, to] = [Date.parse(begun), Date.parse(ended) + horizonMs];
  const shift = Date.now() - Date.parse(ended);
  const moved = (time: number) => (time >= from && time <= to ? time + shift : time);
  return text
    .replace(/"\$date":\{"\$numberLong":"(\d+)"\}/g, (_, time) => `"$date":{"$numberLong":"${moved(Number(time))}"}`)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) => new Date(moved(Date.parse(time))).toISOString());
}
