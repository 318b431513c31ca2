import { Injectable } from '@nestjs/common';
import { Databases, encryptionKeys, queryTimeMs } from '@rollcall/collections';
import type { EncryptionKeys } from '@rollcall/contracts';

import { GatewayError } from '../gateway.errors.js';

@Injectable()
export class EncryptionKeysQueries {
  constructor(private readonly databases: Databases) {}

  async get(): Promise<EncryptionKeys> {
    const model = this.databases.model(encryptionKeys);
    const stored = await model.findOne({ _id: 'encryption-keys' }, null, { maxTimeMS: queryTimeMs }).lean();
    if (stored) return stored;
    throw new GatewayError(
      'not-found',
      'The credential vault has not counted its keys yet. See that it runs (its /readyz says what it waits for), and ask again.',
    );
  }
}
