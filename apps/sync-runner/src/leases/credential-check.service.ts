import { Inject, Injectable } from '@nestjs/common';
import { describeVendorError, VendorError } from '@rollcall/connector-kit';
import { AppError, type checkCredential, type ResultOf } from '@rollcall/contracts';

import { CredentialsRepository } from './credentials.repository.js';
import { LeaseError } from './leases.errors.js';
import { VendorAccess } from './vendor-access.js';

/** A person waits for the answer, so an absent vault is said soon. */
const vaultWaitMs = 20_000;

/** *Authenticate*: tries a credential with the vendor's cheapest read, under a lease with purpose `check` (R10). */
@Injectable()
export class CredentialCheckService {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(VendorAccess) private readonly access: VendorAccess,
  ) {}

  async check(id: string, command: string): Promise<ResultOf<typeof checkCredential>> {
    const credential = await this.credentials.find(id);
    if (credential === null) {
      throw new AppError('credential-not-found', `There is no credential ${id}. Choose one from the list.`);
    }
    try {
      const { connector, context } = await this.access.open({
        connector: credential.connector,
        credential: id,
        purpose: { kind: 'check', reference: command },
        inputs: {},
        load: '',
        checkHeld: () => undefined,
        vaultWaitMs,
      });
      await connector.check(context);
      const message = `${connector.manifest.name} accepted the credential "${credential.name}".`;
      return { ok: true, code: null, message };
    } catch (error) {
      if (error instanceof VendorError) return { ok: false, code: error.code, message: describeVendorError(error) };
      if (error instanceof LeaseError) return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  }
}
