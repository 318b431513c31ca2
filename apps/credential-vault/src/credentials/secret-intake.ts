import { Inject, Injectable } from '@nestjs/common';
import type { CiphertextDocument } from '@rollcall/collections';
import {
  AppError,
  authSchemeAmong,
  type CredentialKind,
  type CredentialRecord,
  type SealedField,
} from '@rollcall/contracts';
import { secretPlaceholder } from '@rollcall/observability';
import {
  markPlainFields,
  openCommandField,
  type SealKeyPair,
  type SecretString,
  unwrapSecret,
  ValueDigests,
} from '@rollcall/secrets';

import { ciphertextId, originOf, placeOf } from '../keys/field-place.js';
import { SEAL_KEY } from '../keys/keys.module.js';
import { KeysService } from '../keys/keys.service.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { unreadableSecret } from './credentials.errors.js';

/** Opens the sealed fields of a command and encrypts them for storage. Values stay wrapped in between. */
@Injectable()
export class SecretIntake {
  constructor(
    @Inject(SEAL_KEY) private readonly sealKey: SealKeyPair,
    private readonly keys: KeysService,
    private readonly digests: ValueDigests,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
  ) {}

  /**
   * Fields by name, without those that hold nothing. The mask that screens show in place of a secret is nothing too:
   * a form sent back unchanged must not replace the secret by it (P21).
   * @param type of the credential; null for what all is secret
   * @throws CredentialError unreadable-secret
   */
  async open(
    commandId: string,
    sealed: Readonly<Record<string, SealedField>>,
    type: CredentialKind | null,
  ): Promise<Map<string, SecretString>> {
    const opened = new Map<string, SecretString>();
    for (const [field, value] of Object.entries(sealed)) {
      const secret = await this.openField(commandId, field, value);
      if (type !== null) markPlainFields([[field, secret]], authSchemeAmong(this.manifests, type)?.inputs);
      if (!secret.isEmpty && unwrapSecret(secret) !== secretPlaceholder) opened.set(field, secret);
    }
    return opened;
  }

  /** Stored fields in clear, without those that cannot be read. They stay in the vault: nothing of them is a use. */
  async reveal(
    credential: CredentialRecord,
    stored: readonly CiphertextDocument[],
  ): Promise<Map<string, SecretString>> {
    const revealed = new Map<string, SecretString>();
    for (const field of credential.secretFields) {
      const { secretVersion } = credential;
      const own = stored.find((one) => one.field === field && one.secretVersion === secretVersion);
      const ciphertext = own?.ciphertext ?? '';
      try {
        const place = placeOf(credential.id, credential, field, secretVersion);
        revealed.set(field, await this.keys.decrypt(place, ciphertext));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
    markPlainFields(revealed, authSchemeAmong(this.manifests, credential)?.inputs);
    return revealed;
  }

  /** For the address that the credential has in this record. */
  async encrypt(
    credential: CredentialRecord,
    secrets: ReadonlyMap<string, SecretString>,
  ): Promise<CiphertextDocument[]> {
    return Promise.all(
      [...secrets].map(async ([field, value]) => {
        const { id, secretVersion, baseUrl } = credential;
        const place = placeOf(id, credential, field, secretVersion);
        const encrypted = await this.keys.encrypt(place, value);
        return {
          _id: ciphertextId(id, secretVersion, field),
          credential: id,
          field,
          secretVersion,
          origin: originOf(baseUrl),
          valueDigest: this.digests.digest(value),
          ...encrypted,
        };
      }),
    );
  }

  private async openField(commandId: string, field: string, sealed: SealedField): Promise<SecretString> {
    try {
      return await openCommandField({ privateKey: this.sealKey.privateKey, commandId, field, sealed });
    } catch (error) {
      if (error instanceof AppError) throw unreadableSecret(field);
      throw error;
    }
  }
}
