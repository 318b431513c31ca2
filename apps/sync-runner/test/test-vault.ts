import { Injectable, Module } from '@nestjs/common';
import {
  AppError,
  type InputOf,
  leaseLifeMs,
  type LeaseMaterial,
  type LeasePurpose,
  requestLease,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { sealLease, SecretString } from '@rollcall/secrets';

/** What the vault of a test leases, and for what it was asked. */
export class VaultBook {
  readonly materials = new Map<string, LeaseMaterial>();
  readonly purposes: LeasePurpose[] = [];
}

export const vaultBook = new VaultBook();

/** Plays the vault: answers leases with the real seal. */
@Injectable()
class VaultCommands {
  constructor(private readonly book: VaultBook) {}

  @HandleCommand(requestLease, { mode: 'outside' })
  async request(
    { credential, publicKey, purpose }: InputOf<typeof requestLease>,
    { id }: CommandContext,
  ): Promise<ResultOf<typeof requestLease>> {
    const material = this.book.materials.get(credential);
    if (material === undefined)
      throw new AppError('credential-not-found', 'The credential was deleted. Choose another.');
    this.book.purposes.push(purpose);
    const entries = Object.entries(material.fields).map(([name, value]) => [name, new SecretString(value)] as const);
    const sealed = await sealLease({
      publicKey,
      commandId: id,
      material: { ...material, fields: Object.fromEntries(entries) },
    });
    const expiresAt = new Date(Date.now() + leaseLifeMs).toISOString();
    const { secretVersion, tokenVersion } = material;
    return { credential, secretVersion, tokenVersion, sealed, expiresAt, lifeMs: leaseLifeMs };
  }
}

@Module({ providers: [VaultCommands, { provide: VaultBook, useValue: vaultBook }] })
export class TestVaultModule {}
