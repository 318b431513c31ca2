import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { topics } from '@rollcall/contracts';
import { readTopic, type TestEnvironment } from '@rollcall/testing';

import { SecretSearch } from './secret-search.js';

export { type Canaries, formsOf, newCanary } from './secret-search.js';

/** Searches wherever an installation writes. */
export class CanaryScan extends SecretSearch {
  async logs(directory: string): Promise<void> {
    for (const file of await readdir(directory)) this.search('logs', await readFile(join(directory, file)));
  }

  /** What anybody on the machine can see of a process. */
  async commandLine(pid: number): Promise<void> {
    this.search('command lines', await readFile(`/proc/${pid}/cmdline`).catch(() => ''));
  }

  /** Whole documents as their bytes: strings stand there as they are, and binary values as well. */
  async databases({ databases, namespace }: TestEnvironment): Promise<void> {
    const { client } = databases;
    const all = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of all.databases.filter((database) => database.name.startsWith(`${namespace}_`))) {
      for (const collection of await client.db(name).listCollections({}, { nameOnly: true }).toArray()) {
        const documents = client.db(name).collection(collection.name).find({}, { raw: true });
        for await (const document of documents) {
          this.search(`${name}.${collection.name}`, document as unknown as Buffer);
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
