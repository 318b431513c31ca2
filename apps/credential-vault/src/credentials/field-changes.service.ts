import { Inject, Injectable } from '@nestjs/common';
import {
  type AuthScheme,
  type CredentialRecord,
  type InputOf,
  refreshTokenField,
  type updateCredential,
} from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import type { SecretString } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { authorizationUrlOf, consentUrlOf, type Fields, tokenFields, tokenUrlOf } from '../tokens/token-request.js';
import { TokenError } from '../tokens/tokens.errors.js';
import { authSchemeOf, checkFields, checkNames, labelsOf, manifestOf } from './auth-scheme.js';
import { isSameOrigin } from './credential-host.js';
import { hostNeedsSecret, storedUnreadable, tokenUrlNotAllowed } from './credentials.errors.js';
import { CredentialsRepository } from './credentials.repository.js';
import { SecretIntake } from './secret-intake.js';

type Secrets = ReadonlyMap<string, SecretString>;

/** What a change makes of the fields. */
export interface ChangedFields {
  readonly fields: Secrets;
  /** The secret goes to another host than the one of before did: that of the address, or of the token URL. */
  readonly isElsewhere: boolean;
}

/** What a change makes of the fields of a credential. */
@Injectable()
export class FieldChanges {
  constructor(
    @Inject(CONFIG) private readonly config: VaultConfig,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
    private readonly credentials: CredentialsRepository,
    private readonly intake: SecretIntake,
  ) {}

  /**
   * All fields after the change: new values, and those stored of the fields that it does not name. Null when it changes
   * none. Nothing that is stored goes to another host, else somebody who may edit could send a secret that they do not
   * know to a host of their own (P21).
   * @throws CredentialError
   */
  async after(
    input: InputOf<typeof updateCredential>,
    stored: CredentialRecord,
    baseUrl: string,
    context: CommandContext,
  ): Promise<ChangedFields | null> {
    const given = await this.intake.open(context.id, input.secrets ?? {}, stored);
    const removed = (input.removed ?? []).filter((name) => !given.has(name));
    const kept = keptFields(stored.secretFields, given, removed);
    const isMoved = !isSameOrigin(baseUrl, stored.baseUrl);
    if (given.size + removed.length === 0 && !isMoved) return null;
    const scheme = authSchemeOf(manifestOf(this.manifests, stored.connector), stored);
    checkNames(scheme, [...given.keys(), ...removed]);
    const own = kept.filter((name) => name !== refreshTokenField);
    if (isMoved && own.length > 0) throw hostNeedsSecret(labelsOf(scheme, own));
    const known = await this.intake.reveal(stored, await this.credentials.ciphertextsOf(context.session, stored.id));
    const all = merged(scheme, given, kept, known);
    checkFields(scheme, all);
    this.checkAddresses(scheme, all);
    const isElsewhere = isMoved || this.tokenHost(scheme, known) !== this.tokenHost(scheme, all);
    if (isElsewhere && own.length > 0) throw hostNeedsSecret(labelsOf(scheme, own));
    return { fields: all, isElsewhere };
  }

  /**
   * The token URL gets the secret too, and somebody is sent to the authorization URL: both are judged before anything is
   * stored (P21). @throws CredentialError
   */
  checkAddresses(scheme: AuthScheme, secrets: Secrets): void {
    try {
      this.tokenUrl(scheme, secrets);
      if (scheme.token?.authorizationUrlInput !== undefined) {
        authorizationUrlOf(scheme.token, this.fieldsOf(scheme, secrets), this.config.ALLOW_LOOPBACK);
      }
    } catch (error) {
      throw error instanceof TokenError ? tokenUrlNotAllowed(error.message) : error;
    }
  }

  private tokenUrl(scheme: AuthScheme, secrets: Secrets): string | null {
    if (scheme.token === undefined) return null;
    return tokenUrlOf(scheme.token, this.fieldsOf(scheme, secrets), this.config.ALLOW_LOOPBACK);
  }

  /** Where an administrator of the vendor grants the rights, null where there is no such page. */
  consentUrl(scheme: AuthScheme, secrets: Secrets): string | null {
    const tokenUrl = this.tokenUrl(scheme, secrets);
    if (scheme.consent === undefined || tokenUrl === null) return null;
    return consentUrlOf(scheme.consent.path, this.fieldsOf(scheme, secrets), tokenUrl);
  }

  private fieldsOf(scheme: AuthScheme, secrets: Secrets): Fields {
    return tokenFields(scheme, Object.fromEntries(secrets));
  }

  /** Null for an address that cannot be used: it is no host that a secret was ever meant for. */
  private tokenHost(scheme: AuthScheme, secrets: Secrets): string | null {
    try {
      const url = this.tokenUrl(scheme, secrets);
      return url === null ? '' : new URL(url).origin;
    } catch (error) {
      if (error instanceof TokenError) return null;
      throw error;
    }
  }
}

/** Fields whose consent is given for exactly these: with others, somebody has to consent anew. */
const consentedFor: readonly string[] = ['clientId', 'authorizationUrl', 'tokenUrl', 'scopes'];

/** What stays of the stored fields. */
function keptFields(stored: readonly string[], given: Secrets, removed: readonly string[]): string[] {
  const changed = [...given.keys(), ...removed];
  const isConsented = !changed.some((name) => consentedFor.includes(name));
  return stored.filter((name) => !changed.includes(name) && (name !== refreshTokenField || isConsented));
}

/** In the order of the scheme. @throws CredentialError unreadable-secret: a kept value cannot be read any more */
function merged(scheme: AuthScheme, given: Secrets, kept: readonly string[], known: Secrets): Secrets {
  const unreadable = kept.filter((name) => !known.has(name));
  if (unreadable.length > 0) throw storedUnreadable(labelsOf(scheme, unreadable));
  return new Map(
    scheme.inputs.flatMap(({ name }) => {
      const value = given.get(name) ?? (kept.includes(name) ? known.get(name) : undefined);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
