import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { topics } from '@rollcall/contracts';
import { readTopic, type TestEnvironment } from '@rollcall/testing';

/** Secrets by what they are, each unique, so that a hit anywhere names what leaked (P20). */
export type Canaries = Readonly<Record<string, string>>;

/** Characters that JSON, URLs and base64 each write in another way are part of it. */
export function newCanary(): string {
  return `test+canary/${randomBytes(16).toString('hex')}&"=`;
}

/** Every form in which a secret is looked for. Base64 has three, by where in the encoded text the secret begins. */
export function formsOf(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const forms = new Map([
    ['raw', secret],
    ['first half', secret.slice(0, Math.ceil(secret.length / 2))],
    ['last half', secret.slice(Math.floor(secret.length / 2))],
    ['reversed', [...secret].reverse().join('')],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ v: secret }).toString().slice(2)],
    ['hex', bytes.toString('hex')],
  ]);
  for (let offset = 0; offset < 3; offset += 1) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters that also encode a neighbour of the secret differ from place to place.
    const inner = text.slice(offset === 0 ? 0 : offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1);
    forms.set(`base64 at ${offset}`, inner);
    forms.set(`base64url at ${offset}`, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** Searches texts for all forms of all canaries. */
export class CanaryScan {
  /** What was searched, by place. */
  readonly searched: Record<string, number> = {};
  readonly hits: string[] = [];
  private readonly needles: readonly (readonly [name: string, needle: string])[];

  constructor(canaries: Canaries) {
    this.needles = Object.entries(canaries).flatMap(([name, secret]) =>
      [...formsOf(secret)].map(([form, needle]) => [`${name} (${form})`, needle] as const),
    );
  }

  search(place: string, text: string): void {
    this.searched[place] = (this.searched[place] ?? 0) + 1;
    for (const [name, needle] of this.needles) if (text.includes(needle)) this.hits.push(`${place}: ${name}`);
  }

  async logs(directory: string): Promise<void> {
    for (const file of await readdir(directory)) this.search('logs', await readFile(join(directory, file), 'utf8'));
  }

  /** Whole documents as their bytes: strings stand there as they are, and binary values as well. */
  async databases({ databases, namespace }: TestEnvironment): Promise<void> {
    const { client } = databases;
    const all = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of all.databases.filter((database) => database.name.startsWith(`${namespace}_`))) {
      for (const collection of await client.db(name).listCollections({}, { nameOnly: true }).toArray()) {
        const documents = client.db(name).collection(collection.name).find({}, { raw: true });
        for await (const document of documents) {
          this.search(`${name}.${collection.name}`, (document as unknown as Buffer).toString('latin1'));
        }
      }
    }
  }

  async topics({ kafka }: TestEnvironment): Promise<void> {
    for (const topic of topics) {
      for (const { key, value, headers } of await readTopic(kafka, topic)) {
        this.search(topic.name, `${key}\n${value}\n${JSON.stringify(headers)}`);
      }
    }
  }
}
