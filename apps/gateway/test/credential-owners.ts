import { Injectable, Module } from '@nestjs/common';
import { credentials, Databases } from '@rollcall/collections';
import {
  AppError,
  beginAuthorization,
  checkCredential,
  createCredential,
  credentialRecordSchema,
  deleteCredential,
  draftCredential,
  endAuthorization,
  type InputOf,
  type ResultOf,
  type SealedField,
  updateCredential,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { openCommandField, readSealPrivateKey, unwrapSecret } from '@rollcall/secrets';

/** What reached the vault and sync-runner of a test. */
export class OwnersBook {
  keysDirectory = '';
  created = 0;
  /** What the vault could open, by credential and field. */
  readonly opened = new Map<string, string>();
  /** What credentials were tried with. */
  readonly trials: object[] = [];
  readonly ended: InputOf<typeof endAuthorization>[] = [];
  readonly updates: InputOf<typeof updateCredential>[] = [];
}

export const book = new OwnersBook();

@Injectable()
class VaultCommands {
  constructor(private readonly databases: Databases) {}

  @HandleCommand(createCredential)
  async create(
    input: InputOf<typeof createCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createCredential>> {
    book.created += 1;
    await this.open(input.id, input.secrets, context);
    const now = new Date().toISOString();
    const { id, name, connector, type } = input;
    const rest = { version: 1, name, connector, type, baseUrl: input.baseUrl ?? 'https://vendor.example.com' };
    const document = {
      _id: id,
      ...rest,
      secretFields: Object.keys(input.secrets),
      secretVersion: 1,
      ownUsers: input.ownUsers ?? null,
      owner: input.owner ?? null,
      attention: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.databases.collection(credentials).insertOne(document, { session: context.session });
    const { _id, ...record } = document;
    return { credential: credentialRecordSchema.parse({ id: _id, ...record }) };
  }

  @HandleCommand(draftCredential)
  async draft(input: InputOf<typeof draftCredential>, context: CommandContext) {
    await this.open(input.id, input.secrets, context);
    const { id, connector, type, advanced } = input;
    const at = new Date().toISOString();
    const draft = credentialRecordSchema.parse({
      id,
      version: 1,
      name: 'draft',
      connector,
      type,
      advanced,
      baseUrl: 'https://vendor.example.com',
      secretFields: Object.keys(input.secrets),
      secretVersion: 1,
      attention: null,
      createdAt: at,
      updatedAt: at,
    });
    return { draft };
  }

  @HandleCommand(beginAuthorization)
  async begin({ id, redirectUri }: InputOf<typeof beginAuthorization>, _context: CommandContext) {
    const url = `https://login.example.com/authorize?for=${id}&redirect_uri=${encodeURIComponent(redirectUri)}`;
    return { url, expiresAt: '2026-11-20T10:00:00.000Z' };
  }

  @HandleCommand(endAuthorization, { mode: 'outside' })
  async end(input: InputOf<typeof endAuthorization>, context: CommandContext) {
    book.ended.push(input);
    if (input.code !== null) await this.open('consent', { code: input.code }, context);
    const stored = await this.databases.collection(credentials).findOne({});
    const { _id, ...record } = stored!;
    return { credential: credentialRecordSchema.parse({ id: _id, ...record }) };
  }

  @HandleCommand(updateCredential)
  async update(input: InputOf<typeof updateCredential>, context: CommandContext) {
    const { session } = context;
    book.updates.push(input);
    await this.open(input.id, input.secrets ?? {}, context);
    const collection = this.databases.collection(credentials);
    const current = await collection.findOne({ _id: input.id }, { session });
    if (!current) throw new AppError('credential-not-found', 'There is no such credential.');
    if (input.ifVersion !== null && input.ifVersion !== current.version) {
      throw new AppError('version-conflict', 'Somebody else changed it. Read it again.');
    }
    const changed = { version: current.version + 1, name: input.name ?? current.name };
    await collection.updateOne({ _id: input.id }, { $set: changed }, { session });
    const { _id, ...record } = { ...current, ...changed };
    return { credential: credentialRecordSchema.parse({ id: _id, ...record }) };
  }

  @HandleCommand(deleteCredential)
  async delete({ id }: InputOf<typeof deleteCredential>, { session }: CommandContext) {
    await this.databases.collection(credentials).deleteOne({ _id: id }, { session });
    return { id };
  }

  private async open(
    id: string,
    secrets: Record<string, SealedField>,
    { id: commandId }: CommandContext,
  ): Promise<void> {
    const { privateKey } = await readSealPrivateKey(book.keysDirectory);
    for (const [field, sealed] of Object.entries(secrets)) {
      book.opened.set(`${id}/${field}`, unwrapSecret(await openCommandField({ privateKey, commandId, field, sealed })));
    }
  }
}

@Injectable()
class SyncRunnerCommands {
  @HandleCommand(checkCredential, { mode: 'outside' })
  async check(
    { credential, ...trial }: InputOf<typeof checkCredential>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof checkCredential>> {
    book.trials.push(trial);
    const message = `The vendor refused ${credential}.`;
    return { ok: false, code: 'wrong-secret', message, steps: [], consentUrl: null };
  }
}

@Module({ providers: [VaultCommands] })
export class VaultModule {}
@Module({ providers: [SyncRunnerCommands] })
export class SyncRunnerModule {}
