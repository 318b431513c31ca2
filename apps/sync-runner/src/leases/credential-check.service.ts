import { Inject, Injectable } from '@nestjs/common';
import type { CredentialDocument } from '@rollcall/collections';
import { type ConnectorContext, describeVendorError, VendorError } from '@rollcall/connector-kit';
import { AppError, type checkCredential, reportCredential, type ResultOf } from '@rollcall/contracts';
import { Outbox, OutboxRelay } from '@rollcall/messaging';

import { CredentialsRepository } from './credentials.repository.js';
import { LeaseError } from './leases.errors.js';
import { type OpenVendor, VendorAccess } from './vendor-access.js';

const refusals: ReadonlySet<string> = new Set(['vendor-auth-rejected', 'vendor-forbidden']);

type CheckResult = ResultOf<typeof checkCredential>;

/** *Authenticate*: tries a credential with the vendor's cheapest read, under a lease with purpose `check` (R10). */
@Injectable()
export class CredentialCheckService {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(VendorAccess) private readonly access: VendorAccess,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
  ) {}

  /** What the vendor made of it, if that is news to the vault (V19, F4). */
  private async tellVault(
    { _id, attention }: CredentialDocument,
    secretVersion: number,
    { code, message }: CheckResult,
    command: string,
  ): Promise<void> {
    const isRefused = code !== null && refusals.has(code);
    if (!isRefused && !(code === null && attention !== null)) return;
    await this.credentials.inTransaction((session) =>
      this.outbox.command(session, reportCredential, {
        key: command,
        aggregate: _id,
        actor: 'sync-runner',
        correlationId: command,
        input: { credential: _id, secretVersion, refused: isRefused ? { code, message } : null },
      }),
    );
    this.relay.wake();
  }

  async check(id: string, command: string): Promise<CheckResult> {
    const credential = await this.credentials.find(id);
    if (credential === null) {
      throw new AppError('credential-not-found', `There is no credential ${id}. Choose one from the list.`);
    }
    try {
      const { connector, context, lease } = await this.access.openQuickly({
        connector: credential.connector,
        credential: id,
        purpose: { kind: 'check', reference: command },
        inputs: {},
        load: '',
      });
      const result = await ask(connector, context, credential.name);
      await this.tellVault(credential, lease.secretVersion, result, command);
      return result;
    } catch (error) {
      if (error instanceof LeaseError) return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  }
}

async function ask(
  connector: OpenVendor['connector'],
  context: ConnectorContext,
  credential: string,
): Promise<CheckResult> {
  const { name } = connector.manifest;
  try {
    await connector.check(context);
    return { ok: true, code: null, message: `${name} accepted the credential "${credential}".` };
  } catch (error) {
    if (context.signal?.aborted === true) {
      const message = `${name} did not answer in time. Look at the status page of the vendor, then try again.`;
      return { ok: false, code: 'vendor-timeout', message };
    }
    if (error instanceof VendorError) return { ok: false, code: error.code, message: describeVendorError(error) };
    throw error;
  }
}
