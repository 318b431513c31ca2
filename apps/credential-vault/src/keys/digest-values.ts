import type { CiphertextDocument } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';
import type { ValueDigests } from '@rollcall/secrets';

import { placeOf } from './field-place.js';
import type { KeysRepository } from './keys.repository.js';
import type { KeysService } from './keys.service.js';
import { secretVersionOf } from './secret-versions.js';

const portion = 500;

/**
 * Puts the digest of its value beside each ciphertext that lacks one, so that the first use of it already says which value was
 * used: those from before digests were kept, and all of them after the sealing key was replaced. What does not open gets
 * none; nobody can use it. Done at every start before the first command is read, and one query without such texts.
 */
export async function digestValues(
  repository: KeysRepository,
  keys: KeysService,
  digests: ValueDigests,
  logger: Logger,
): Promise<void> {
  let found: Pick<CiphertextDocument, '_id' | 'ciphertext' | 'valueDigest'>[] = [];
  let noted = 0;
  const note = async (): Promise<void> => {
    await repository.noteDigests(found);
    noted += found.length;
    found = [];
  };
  for await (const { ciphertext: stored, credential } of repository.undigestedCiphertexts(digests.prefix)) {
    const one = secretVersionOf(credential, stored.secretVersion);
    if (!one) continue;
    try {
      const value = await keys.decrypt(placeOf(one._id, one, stored.field, stored.secretVersion), stored.ciphertext);
      found.push({ _id: stored._id, ciphertext: stored.ciphertext, valueDigest: digests.digest(value) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    if (found.length === portion) await note();
  }
  await note();
  if (noted > 0) logger.info('stored secrets have digests for the use log', { fields: noted });
}
