import { Inject, Injectable } from '@nestjs/common';
import {
  checkCredential,
  createCredential,
  type CreateCredentialBody,
  deleteCredential,
  secretMask,
  type TestCredentialBody,
  updateCredential,
  type UpdateCredentialBody,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import { GatewayError } from '../gateway.errors.js';
import type { CallContext } from '../http/operation.js';
import { changedFields, sealFields } from './seal-fields.js';
import { VaultKey } from './vault-key.js';

@Injectable()
export class CredentialsService {
  constructor(
    @Inject(OwnerCommands) private readonly commands: OwnerCommands,
    @Inject(VaultKey) private readonly vaultKey: VaultKey,
  ) {}

  async create({ fields, ...rest }: CreateCredentialBody, call: CallContext) {
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

  async update(id: string, { fields = {}, ...rest }: UpdateCredentialBody, call: CallContext) {
    const { changed, removed } = changedFields(fields);
    const secrets = Object.keys(changed).length > 0 ? { secrets: await this.seal(changed, call) } : {};
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

  private async seal(fields: Readonly<Record<string, string>>, call: CallContext) {
    return sealFields(fields, await this.vaultKey.publicKey(), this.commands.commandIdOf(call));
  }
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
