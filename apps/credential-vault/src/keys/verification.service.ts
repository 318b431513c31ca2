import { Injectable } from '@nestjs/common';
import type { CiphertextDocument, CredentialDocument } from '@rollcall/collections';
import { AppError, type KeyVerification, mostNamedFaults } from '@rollcall/contracts';
import { dataKeyIdOf, type FieldPlace } from '@rollcall/secrets';

import { UseLogVerification } from '../use-log/use-log-verification.js';
import { ciphertextId, placeOf, tokenField } from './field-place.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { RotationRepository, type StoredText } from './rotation.repository.js';
import { type OneSecret, secretVersionOf, secretVersionsOf } from './secret-versions.js';
import { type StoredSecrets, VerificationRepository } from './verification.repository.js';

type Fault = KeyVerification['faults'][number];

const portion = 500;

/** Decrypts everything for the place where it is stored, and names what does not open there. No value leaves it. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly keys: KeysService,
    private readonly repository: KeysRepository,
    private readonly texts: RotationRepository,
    private readonly stored: VerificationRepository,
    private readonly useLog: UseLogVerification,
  ) {}

  async verify(): Promise<KeyVerification> {
    const { checked, suspects } = await this.lookThrough();
    let unreadable = 0;
    const faults: Fault[] = [];
    for (const credential of suspects) {
      const found = await this.examine(credential, await this.stored.findStored(credential));
      unreadable += found.length;
      faults.push(...found.slice(0, mostNamedFaults - faults.length));
    }
    const { dataKeys, unreadableDataKeys } = await this.dataKeys();
    return { dataKeys, unreadableDataKeys, checked, unreadable, faults, useLog: await this.useLog.verify() };
  }

  /**
   * While it reads, secrets are entered and encrypted again. What does not fit is only suspected, and judged by everything
   * that is stored of its credential in one moment.
   */
  private async lookThrough(): Promise<{ checked: number; suspects: ReadonlySet<string> }> {
    let checked = 0;
    const suspects = new Set<string>();
    const seen = new Set<string>();
    for await (const texts of this.texts.texts(null, portion)) {
      const credentials = await this.texts.credentialsOf(texts);
      for (const text of texts) {
        checked += 1;
        if (text.kind === 'secret') seen.add(ciphertextId(text.credential, text.version, text.field));
        if (!(await this.opensFor(credentials.get(text.credential), text))) suspects.add(text.credential);
      }
    }
    for await (const credential of this.stored.credentials()) {
      const isSeen = ({ _id, secretVersion, secretFields }: OneSecret) =>
        secretFields.every((field) => seen.has(ciphertextId(_id, secretVersion, field)));
      if (!secretVersionsOf(credential).every(isSeen)) suspects.add(credential._id);
    }
    return { checked, suspects };
  }

  private async opensFor(credential: CredentialDocument | undefined, text: StoredText): Promise<boolean> {
    if (!credential) return false;
    const own = secretVersionOf(credential, text.version);
    if (text.kind === 'secret' && !own?.secretFields.includes(text.field)) return false;
    const place = placeOf(text.credential, credential, text.field, text.version);
    return (await this.whyNot(place, text.ciphertext)) === null;
  }

  private async examine(id: string, { credential, ciphertexts, token }: StoredSecrets): Promise<Fault[]> {
    const fault = (field: string, reason: string): Fault => ({
      credential: id,
      name: credential?.name ?? null,
      field,
      reason,
    });
    if (!credential) return ciphertexts.map(({ field }) => fault(field, 'its credential does not exist'));
    const faults: Fault[] = [];
    for (const { secretVersion, secretFields } of secretVersionsOf(credential)) {
      for (const field of secretFields) {
        const stored = ciphertexts.find((one) => one.field === field && one.secretVersion === secretVersion);
        const place = placeOf(id, credential, field, secretVersion);
        const reason = stored ? await this.whyNot(place, stored.ciphertext) : 'it is not stored';
        if (reason !== null) faults.push(fault(field, reason));
      }
    }
    const isStrange = (one: CiphertextDocument) =>
      !secretVersionOf(credential, one.secretVersion)?.secretFields.includes(one.field);
    const strange = ciphertexts.filter(isStrange);
    faults.push(...strange.map(({ field }) => fault(field, 'the credential has no such field')));
    if (token?.ciphertext) {
      const reason = await this.whyNot(placeOf(id, credential, tokenField, token.tokenVersion), token.ciphertext);
      if (reason !== null) faults.push(fault(tokenField, `cached token: ${reason}`));
    }
    return faults;
  }

  /** Null when it opens. */
  private async whyNot(place: FieldPlace, ciphertext: string): Promise<string | null> {
    try {
      await this.keys.decrypt(place, ciphertext);
      return null;
    } catch (error) {
      if (!(error instanceof AppError) || error.retriable) throw error;
      const dataKey = dataKeyIdOf(ciphertext);
      if (dataKey === null) return 'what is stored is no ciphertext';
      if (error.code === 'unknown-data-key') return `its data key ${dataKey} is not stored`;
      return 'it was altered, moved here from elsewhere, is of an earlier version, or was entered for another address';
    }
  }

  private async dataKeys(): Promise<{ dataKeys: number; unreadableDataKeys: string[] }> {
    const stored = await this.repository.findAll();
    const unreadableDataKeys: string[] = [];
    for (const { _id, keyCheck, wrapped } of stored) {
      const provider = this.keys.keyring.providers.ownerOf(keyCheck);
      try {
        // Not from memory: what is stored must open after the next start too.
        if (provider) await provider.unwrap(_id, wrapped);
        else unreadableDataKeys.push(_id);
      } catch (error) {
        if (!(error instanceof AppError) || error.retriable) throw error;
        unreadableDataKeys.push(_id);
      }
    }
    return { dataKeys: stored.length, unreadableDataKeys };
  }
}
