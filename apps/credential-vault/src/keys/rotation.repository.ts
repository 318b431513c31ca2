import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  type DataKeyDocument,
  dataKeys,
  type TokenDocument,
  tokens,
} from '@rollcall/collections';

import { tokenField } from './field-place.js';

/** A text under a data key, and what it takes to open it. */
export interface StoredText {
  readonly kind: 'secret' | 'token';
  readonly id: string;
  readonly credential: string;
  readonly field: string;
  readonly version: number;
  readonly ciphertext: string;
}

export interface ReplacedText extends StoredText {
  readonly after: string;
}

export interface Count {
  readonly secrets: number;
  readonly tokens: number;
}

const none: Count = { secrets: 0, tokens: 0 };

/** What is stored under data keys. These are many, so they are read and written through the driver. */
@Injectable()
export class RotationRepository {
  constructor(private readonly databases: Databases) {}

  /** In portions. Those that are replaced meanwhile do not come twice. @param dataKey null: under any */
  async *texts(dataKey: string | null, portion: number): AsyncGenerator<StoredText[]> {
    const filter = dataKey === null ? {} : { dataKey };
    const secrets = this.databases.collection(ciphertexts).find(filter).batchSize(portion);
    yield* inPortions(secrets, portion, secretText);
    const cached = this.databases
      .collection(tokens)
      .find({ ...filter, ciphertext: { $ne: null } })
      .batchSize(portion);
    yield* inPortions(cached, portion, tokenText);
  }

  async credentialsOf(texts: readonly StoredText[]): Promise<Map<string, CredentialDocument>> {
    const ids = [...new Set(texts.map(({ credential }) => credential))];
    const found = this.databases.collection(credentials).find({ _id: { $in: ids } });
    return new Map((await found.toArray()).map((credential) => [credential._id, credential]));
  }

  /** Each only if it is still what was read: whoever enters a secret anew meanwhile wins. */
  async replace(texts: readonly ReplacedText[], dataKey: string): Promise<void> {
    await this.write('secret', texts, dataKey);
    await this.write('token', texts, dataKey);
  }

  /** Cached tokens that do not open are fetched anew by whoever needs one. */
  async dropTokens(texts: readonly StoredText[]): Promise<void> {
    const dropped = texts.filter(({ kind }) => kind === 'token');
    for (const { id, ciphertext } of dropped) {
      await this.databases.collection(tokens).updateOne({ _id: id, ciphertext }, { $set: { ciphertext: null } });
    }
  }

  async counts(): Promise<ReadonlyMap<string, Count>> {
    const group = [{ $group: { _id: '$dataKey', count: { $sum: 1 } } }];
    const secrets = this.databases.collection(ciphertexts).aggregate<{ _id: string; count: number }>(group);
    const cached = this.databases
      .collection(tokens)
      .aggregate<{ _id: string; count: number }>([{ $match: { ciphertext: { $ne: null } } }, ...group]);
    const counts = new Map<string, Count>();
    for await (const { _id, count } of secrets) counts.set(_id, { ...none, secrets: count });
    for await (const { _id, count } of cached) counts.set(_id, { ...(counts.get(_id) ?? none), tokens: count });
    return counts;
  }

  async isUsed(dataKey: string): Promise<boolean> {
    const secret = await this.databases.collection(ciphertexts).findOne({ dataKey }, { projection: { _id: 1 } });
    if (secret) return true;
    const filter = { dataKey, ciphertext: { $ne: null } };
    return (await this.databases.collection(tokens).findOne(filter, { projection: { _id: 1 } })) !== null;
  }

  async deleteRetired({ _id }: DataKeyDocument): Promise<void> {
    await this.databases.collection(dataKeys).deleteOne({ _id, state: 'retired' });
  }

  private async write(kind: StoredText['kind'], texts: readonly ReplacedText[], dataKey: string): Promise<void> {
    const operations = texts
      .filter((text) => text.kind === kind)
      .map(({ id, ciphertext, after }) => ({
        updateOne: { filter: { _id: id, ciphertext }, update: { $set: { dataKey, ciphertext: after } } },
      }));
    if (operations.length === 0) return;
    if (kind === 'secret') await this.databases.collection(ciphertexts).bulkWrite(operations, { ordered: false });
    else await this.databases.collection(tokens).bulkWrite(operations, { ordered: false });
  }
}

function secretText({ _id, credential, field, secretVersion, ciphertext }: CiphertextDocument): StoredText {
  return { kind: 'secret', id: _id, credential, field, version: secretVersion, ciphertext };
}

function tokenText({ _id, tokenVersion, ciphertext }: TokenDocument): StoredText {
  return {
    kind: 'token',
    id: _id,
    credential: _id,
    field: tokenField,
    version: tokenVersion,
    ciphertext: ciphertext ?? '',
  };
}

async function* inPortions<Doc>(
  documents: AsyncIterable<Doc>,
  portion: number,
  textOf: (document: Doc) => StoredText,
): AsyncGenerator<StoredText[]> {
  let texts: StoredText[] = [];
  for await (const document of documents) {
    texts.push(textOf(document));
    if (texts.length < portion) continue;
    yield texts;
    texts = [];
  }
  if (texts.length > 0) yield texts;
}
