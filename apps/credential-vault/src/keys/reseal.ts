import { AppError } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';

import { placeOf } from './field-place.js';
import type { KeysRepository } from './keys.repository.js';
import type { KeysService } from './keys.service.js';

export interface Resealed {
  /** Fields that were encrypted anew. */
  readonly fields: number;
  /** Credentials of which a field could not be read, by id: their secrets have to be entered again. */
  readonly unreadable: readonly string[];
}

/**
 * Encrypts anew what is stored in a format that names no origin, bound to the address that the credential has now. From
 * then on no such text is read again, wherever it comes from. Done at every start before the first command is read, so
 * that a database restored from before is bound again too; without such texts it is one query. Several replicas may do it
 * at once: each text is replaced by whoever is first. Cached access tokens are dropped, and fetched anew.
 */
export async function reseal(repository: KeysRepository, keys: KeysService, logger: Logger): Promise<Resealed> {
  const unreadable = new Set<string>();
  let fields = 0;
  await repository.dropEarlierTokens();
  for await (const { ciphertext: stored, credential } of repository.earlierCiphertexts()) {
    const place = placeOf(credential._id, credential, stored.field, credential.secretVersion);
    try {
      const value = await keys.decryptEarlier(place, stored.ciphertext);
      const after = { ...(await keys.encrypt(place, value)), origin: place.origin };
      fields += await repository.replaceCiphertext(stored, after);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unreadable.add(credential._id);
    }
  }
  if (fields > 0) logger.info('stored secrets were bound to the addresses of their credentials', { fields });
  if (unreadable.size > 0) {
    logger.error('stored secrets cannot be read: enter those of these credentials again', {
      credentials: [...unreadable],
    });
  }
  return { fields, unreadable: [...unreadable] };
}
