import { Inject, Injectable } from '@nestjs/common';
import type { EditKind } from '@rollcall/collections';
import {
  type createCredential,
  credentialChanged,
  type CredentialRecord,
  type InputOf,
  type ResultOf,
  type updateCredential,
} from '@rollcall/contracts';
import { type CommandContext, Outbox, OutboxRelay } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { TokensService } from '../tokens/tokens.service.js';
import { authSchemeOf, checkFields, manifestOf } from './auth-scheme.js';
import { baseUrlOf } from './credential-host.js';
import { CredentialUsesRepository } from './credential-uses.repository.js';
import { credentialInUse, credentialNotFound, idTaken, nameTaken, versionConflict } from './credentials.errors.js';
import { CredentialsRepository } from './credentials.repository.js';
import { FieldChanges } from './field-changes.service.js';
import { SecretIntake } from './secret-intake.js';

/** Credentials: metadata that others may read, ciphertexts that nobody else can. Each change is one transaction. */
@Injectable()
export class CredentialsService {
  constructor(
    @Inject(CONFIG) private readonly config: VaultConfig,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(CredentialUsesRepository) private readonly uses: CredentialUsesRepository,
    @Inject(SecretIntake) private readonly intake: SecretIntake,
    @Inject(FieldChanges) private readonly fields: FieldChanges,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(TokensService) private readonly tokens: TokensService,
  ) {}

  async create(
    input: InputOf<typeof createCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createCredential>> {
    const manifest = manifestOf(this.manifests, input.connector);
    const scheme = authSchemeOf(manifest, input.type);
    const baseUrl = baseUrlOf(input.baseUrl, manifest, this.config.ALLOW_LOOPBACK);
    const secrets = await this.intake.open(context.id, input.secrets);
    checkFields(scheme, [...secrets.keys()]);
    this.fields.checkTokenUrl(scheme, secrets);
    if (await this.credentials.find(context.session, input.id)) throw idTaken(input.id);
    await this.refuseTakenName(context, input.name, input.id);
    const now = this.credentials.time().toISOString();
    const credential: CredentialRecord = {
      id: input.id,
      version: 1,
      name: input.name,
      connector: manifest.id,
      type: scheme.type,
      baseUrl,
      secretFields: [...secrets.keys()],
      secretVersion: 1,
      ownUsers: input.ownUsers ?? null,
      attention: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.credentials.insert(
      context.session,
      credential,
      await this.intake.encrypt(credential, secrets),
      context.actor,
    );
    await this.announce(context, credential, 'created');
    return { credential };
  }

  async update(
    input: InputOf<typeof updateCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateCredential>> {
    const stored = await this.get(context, input.id);
    if (input.ifVersion !== null && input.ifVersion !== stored.version) {
      throw versionConflict(input.ifVersion, stored.version);
    }
    const name = input.name ?? stored.name;
    await this.refuseTakenName(context, name, stored.id);
    const baseUrl = this.baseUrlAfter(input, stored);
    const secrets = await this.fields.after(input, stored, baseUrl, context);
    const credential: CredentialRecord = {
      ...stored,
      version: stored.version + 1,
      name,
      baseUrl,
      ...(input.ownUsers !== undefined && { ownUsers: input.ownUsers }),
      ...(secrets && { secretFields: [...secrets.keys()], secretVersion: stored.secretVersion + 1, attention: null }),
      updatedAt: this.credentials.time().toISOString(),
    };
    const ciphertexts = secrets && (await this.intake.encrypt(credential, secrets));
    const edit = { by: context.actor, kinds: editsOf(input, secrets !== null) };
    await this.credentials.replace(context.session, credential, ciphertexts, edit);
    await this.announce(context, credential, 'updated');
    return { credential };
  }

  async remove(id: string, context: CommandContext): Promise<{ id: string }> {
    const stored = await this.get(context, id);
    const uses = await this.uses.usesOf(id, context.session);
    if (uses.integrations.length + uses.workflows.length > 0) throw credentialInUse(stored.name, uses);
    await this.credentials.remove(context.session, id);
    context.afterCommit(() => void this.tokens.forget(id));
    const last = { ...stored, version: stored.version + 1, updatedAt: this.credentials.time().toISOString() };
    await this.announce(context, last, 'deleted');
    return { id };
  }

  private baseUrlAfter({ baseUrl }: InputOf<typeof updateCredential>, stored: CredentialRecord): string {
    if (baseUrl === undefined) return stored.baseUrl;
    return baseUrlOf(baseUrl, manifestOf(this.manifests, stored.connector), this.config.ALLOW_LOOPBACK);
  }

  private async get(context: CommandContext, id: string): Promise<CredentialRecord> {
    const stored = await this.credentials.find(context.session, id);
    if (!stored) throw credentialNotFound(id);
    return stored;
  }

  private async refuseTakenName(context: CommandContext, name: string, id: string): Promise<void> {
    if (await this.credentials.isNameTaken(context.session, name, id)) throw nameTaken(name);
  }

  private async announce(
    context: CommandContext,
    credential: CredentialRecord,
    change: 'created' | 'updated' | 'deleted',
  ): Promise<void> {
    await this.outbox.event(context.session, credentialChanged, {
      id: `c/${context.id}/0001`,
      key: credential.id,
      subject: credential.id,
      time: credential.updatedAt,
      data: { credential, change },
    });
    context.afterCommit(() => this.relay.wake());
  }
}

/** What a change did, for whoever wants to know later who did it. */
function editsOf({ name, baseUrl, ownUsers }: InputOf<typeof updateCredential>, hasSecret: boolean): EditKind[] {
  return [
    ...(name !== undefined || baseUrl !== undefined ? (['changed'] as const) : []),
    ...(ownUsers !== undefined ? (['changed-own-users'] as const) : []),
    ...(hasSecret ? (['entered-secret'] as const) : []),
  ];
}
