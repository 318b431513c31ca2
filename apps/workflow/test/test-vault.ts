import { Injectable, Module } from '@nestjs/common';
import {
  AppError,
  type InputOf,
  leaseLifeMs,
  type LeaseMaterial,
  requestLease,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { sealLease, SecretString } from '@rollcall/secrets';

/** What the test vault leases, and what it was asked. */
export class VaultBook {
  readonly materials = new Map<string, LeaseMaterial>();
  readonly purposes: { kind: string; reference: string }[] = [];
}

const book = new VaultBook();

/** Answers leases with the real seal, from materials that the test wrote down. */
@Injectable()
class VaultCommands {
  constructor(private readonly known: VaultBook) {}

  @HandleCommand(requestLease, { mode: 'outside' })
  async request(
    { credential, publicKey, purpose }: InputOf<typeof requestLease>,
    { id }: CommandContext,
  ): Promise<ResultOf<typeof requestLease>> {
    const material = this.known.materials.get(credential);
    if (!material) throw new AppError('credential-not-found', 'There is no such credential.');
    this.known.purposes.push(purpose);
    const fields = Object.fromEntries(
      Object.entries(material.fields).map(([name, value]) => [name, new SecretString(value)]),
    );
    return {
      credential,
      secretVersion: material.secretVersion,
      tokenVersion: material.tokenVersion,
      sealed: await sealLease({ publicKey, commandId: id, material: { ...material, fields } }),
      expiresAt: new Date(Date.now() + leaseLifeMs).toISOString(),
      lifeMs: leaseLifeMs,
    };
  }
}

@Module({ providers: [VaultCommands, { provide: VaultBook, useValue: book }] })
export class TestVaultModule {}

/** The book of the vault in this test file. */
export const vaultBook = book;
