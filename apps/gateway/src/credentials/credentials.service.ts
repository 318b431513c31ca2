import { Inject, Injectable } from '@nestjs/common';
import {
  beginAuthorization,
  checkCredential,
  type ContactBody,
  createCredential,
  type CreateCredentialBody,
  type CredentialKind,
  deleteCredential,
  draftCredential,
  endAuthorization,
  type EndConsentBody,
  secretMask,
  type TestCredentialBody,
  type TestDraftBody,
  updateCredential,
  type UpdateCredentialBody,
} from '@rollcall/contracts';
import { registerSecretValue } from '@rollcall/observability';
import { CONFIG } from '@rollcall/service';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { GatewayConfig } from '../config.js';
import { GatewayError } from '../gateway.errors.js';
import { Accepted } from '../http/accepted.js';
import type { CallContext } from '../http/operation.js';
import { sha256 } from '../http/sha256.js';
import { OperatorContacts } from '../operators/operator-contacts.service.js';
import { CredentialsQueries } from './credentials.queries.js';
import { secretsAmong } from './entered-secrets.js';
import { changedFields, sealFields } from './seal-fields.js';
import { VaultKey } from './vault-key.js';

/** Page of this gateway that vendors send people back to. */
export const consentedPath = '/consented';

@Injectable()
export class CredentialsService {
  constructor(
    private readonly commands: OwnerCommands,
    private readonly vaultKey: VaultKey,
    private readonly contacts: OperatorContacts,
    private readonly queries: CredentialsQueries,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async create({ fields, owner: given, ...body }: CreateCredentialBody, call: CallContext) {
    const owner = given === undefined ? callerAsOwner(call) : given;
    const rest = { ...body, owner: owner && (await this.contacts.resolveOne(owner, '/owner')) };
    hideFromLogs(fields, body);
    const secrets = await this.seal(fields, call);
    refuseMasks(fields);
    const id = this.commands.newAggregateId(call);
    return this.commands.send(createCredential, call, {
      aggregate: id,
      input: { id, ...rest, secrets },
      plainBody: { ...rest, fields },
      bodyOf: ({ credential }) => credential,
    });
  }

  async update(id: string, { fields = {}, owner, ...body }: UpdateCredentialBody, call: CallContext) {
    const kept = owner && (await this.contacts.resolveOne(owner, '/owner'));
    const rest = { ...body, ...(kept !== undefined && { owner: kept }) };
    const { changed, removed } = changedFields(fields);
    const isChanged = Object.keys(changed).length > 0;
    if (isChanged) hideFromLogs(changed, await this.queries.kindOf(id));
    const secrets = isChanged ? { secrets: await this.seal(changed, call) } : {};
    const taken = removed.length > 0 ? { removed } : {};
    const { ifVersion } = call;
    return this.commands.send(updateCredential, call, {
      aggregate: id,
      input: { id, ifVersion, ...rest, ...secrets, ...taken },
      plainBody: { ifVersion, ...rest, ...taken, fields: changed },
      bodyOf: ({ credential }) => credential,
    });
  }

  async delete(id: string, call: CallContext) {
    return this.commands.send(deleteCredential, call, { aggregate: id, input: { id }, bodyOf: (result) => result });
  }

  async test(id: string, body: TestCredentialBody, call: CallContext) {
    const request = { aggregate: id, input: { ...body, credential: id } };
    return this.commands.send(checkCredential, call, { ...request, bodyOf: (result) => result });
  }

  /** The vault keeps a draft, and sync-runner tries it as it tries a stored one. */
  async testDraft({ fields, integration, load, inputs, ...rest }: TestDraftBody, call: CallContext) {
    refuseMasks(fields);
    hideFromLogs(fields, rest);
    const drafting = { ...call, idempotencyKey: `${call.idempotencyKey}/draft` };
    const id = this.commands.newAggregateId(drafting);
    const drafted = await this.commands.send(draftCredential, drafting, {
      aggregate: id,
      input: { id, ...rest, secrets: await this.seal(fields, drafting) },
      plainBody: { ...rest, fields },
      bodyOf: ({ draft }) => draft,
    });
    if (drafted instanceof Accepted) throw vaultIsSlow();
    const { connector, baseUrl, consentUrl } = drafted;
    const draft = { connector, baseUrl, consentUrl };
    return this.commands.send(checkCredential, call, {
      aggregate: id,
      input: { credential: id, draft, integration, load, inputs },
      bodyOf: (result) => result,
    });
  }

  async beginConsent(id: string, call: CallContext) {
    const redirectUri = new URL(consentedPath, this.config.ROLLCALL_PUBLIC_URL ?? call.client.origin).href;
    return this.commands.send(beginAuthorization, call, {
      aggregate: id,
      input: { id, redirectUri },
      bodyOf: (result) => result,
    });
  }

  /** The state is a secret until it is used; the vault knows its digest alone. */
  async endConsent({ state, code, error }: EndConsentBody, call: CallContext) {
    // Whoever comes is a stranger: what they call a code is kept out of logs once the vault knows that it was expected.
    const sealed = code === undefined ? null : (await this.seal({ code }, call))['code']!;
    const digest = sha256(state);
    return this.commands.send(endAuthorization, call, {
      aggregate: digest,
      input: { state: digest, code: sealed, refusal: error ?? null },
      plainBody: { digest, code, error },
      bodyOf: ({ credential }) => credential,
    });
  }

  private async seal(fields: Readonly<Record<string, string>>, call: CallContext) {
    return sealFields(fields, await this.vaultKey.publicKey(), this.commands.commandIdOf(call));
  }
}

function hideFromLogs(fields: Readonly<Record<string, string>>, kind: CredentialKind | null): void {
  for (const secret of secretsAmong(fields, kind)) registerSecretValue(secret);
}

const vaultIsSlow = (): GatewayError =>
  new GatewayError(
    'outcome-unknown',
    'The vault did not answer in time, so nothing was tried at the vendor. Send the same request again in a minute.',
  );

/** Whoever is signed in looks after what they enter, unless they say otherwise; of a program nobody knows. */
function callerAsOwner({ caller }: CallContext): ContactBody | null {
  return caller.operator === undefined ? null : { operator: caller.operator.id };
}

/** A new credential has nothing stored that a mask could stand for. */
function refuseMasks(fields: Readonly<Record<string, string>>): void {
  const masked = Object.keys(fields).filter((name) => fields[name] === secretMask);
  if (masked.length === 0) return;
  const message = `"${secretMask}" stands for a stored value, and a new credential has none. Send the secret itself.`;
  throw new GatewayError(
    'invalid-request',
    message,
    masked.map((name) => ({ pointer: `/fields/${name}`, message })),
  );
}
