import { Injectable } from '@nestjs/common';
import { Databases, type DataKeyDocument, encryptionKeys, type EncryptionKeysDocument } from '@rollcall/collections';
import { AppError, type EncryptionKeys } from '@rollcall/contracts';
import { type KeyProvider, wrappingKeyOf } from '@rollcall/secrets';

import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { type Count, RotationRepository } from './rotation.repository.js';
import { rotationAfter } from './rotation-state.js';

const id = 'encryption-keys';

/** Says in a stored document, which others may read, how it stands with the keys. */
@Injectable()
export class KeyReport {
  constructor(
    private readonly databases: Databases,
    private readonly keys: KeysRepository,
    private readonly rotation: RotationRepository,
    private readonly service: KeysService,
  ) {}

  /** Counts anew. @param unreadable what a complete pass of a rotation could not open */
  async update(unreadable: number | null = null): Promise<EncryptionKeys> {
    const model = this.databases.model(encryptionKeys);
    const before = await model.findOne({ _id: id }).lean();
    const stored = await this.keys.findAll();
    const counts = await this.rotation.counts();
    const now = this.keys.time();
    const left = stored
      .filter(({ state }) => state === 'retired')
      .map(({ _id }) => counts.get(_id))
      .reduce((sum, count) => sum + (count?.secrets ?? 0) + (count?.tokens ?? 0), 0);
    const { current } = this.service.keyring.providers;
    const report: EncryptionKeys = {
      keyEncryptionKey: { provider: current.provider, name: current.name },
      dataKeys: await Promise.all(stored.map((key) => this.stateOf(key, counts.get(key._id)))),
      rotation: rotationAfter(before?.rotation ?? null, { keys: stored, left, unreadable, now }),
      countedAt: now.toISOString(),
    };
    const document: EncryptionKeysDocument = { _id: id, ...report };
    await model.replaceOne({ _id: id }, document, { upsert: true });
    return report;
  }

  private async stateOf(key: DataKeyDocument, count: Count | undefined): Promise<EncryptionKeys['dataKeys'][number]> {
    const { current } = this.service.keyring.providers;
    const owner = this.service.keyring.providers.ownerOf(key.keyCheck);
    return {
      id: key._id,
      state: key.state,
      provider: owner?.provider ?? null,
      wrappedBy: wrappingKeyOf(key.wrapped),
      isWrappedByNewest: owner === current && (await isNewest(current, key.wrapped)),
      secrets: count?.secrets ?? 0,
      tokens: count?.tokens ?? 0,
      encryptions: key.reserved,
      createdAt: key.createdAt.toISOString(),
      retiredAt: key.retiredAt?.toISOString() ?? null,
    };
  }
}

/** A server of keys that is away for a moment is no reason not to say the rest. */
async function isNewest(provider: KeyProvider, wrapped: string): Promise<boolean> {
  try {
    return await provider.isNewest(wrapped);
  } catch (error) {
    if (error instanceof AppError && error.retriable) return true;
    throw error;
  }
}
