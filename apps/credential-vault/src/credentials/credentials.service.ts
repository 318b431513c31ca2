import { Inject, Injectable } from '@nestjs/common';
import type { EditKind } from '@rollcall/collections';
import {
  type createCredential,
  credentialChanged,
  type CredentialRecord,
  type draftCredential,
  type InputOf,
  refuseOtherVersion,
  type ResultOf,
  type updateCredential,
} from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';
import type { SecretString } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { attentionWith } from '../keys/attention.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { TokensService } from '../tokens/tokens.service.js';
import { authSchemeOf, checkFields, checkNames, manifestOf } from './auth-scheme.js';
import { baseUrlOf } from './credential-host.js';
import { CredentialUsesRepository } from './credential-uses.repository.js';
import { credentialInUse, credentialNotFound, idTaken, nameTaken } from './credentials.errors.js';
import { CredentialsRepository } from './credentials.repository.js';
import { DraftsRepository } from './drafts.repository.js';
import { type ChangedFields, FieldChanges } from './field-changes.service.js';
import { SecretIntake } from './secret-intake.js';

type Care = 'owner' | 'expiresAt' | 'ownUsers';
type NewCredential = InputOf<typeof createCredential>;

/** Drafts have no name yet. */
const draftName = 'new credential';

/** Credentials: metadata that others may read, ciphertexts that nobody else can. Each change is one transaction. */
@Injectable()
export class CredentialsService {
  constructor(
    @Inject(CONFIG) private readonly config: VaultConfig,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
    private readonly credentials: CredentialsRepository,
    private readonly drafts: DraftsRepository,
    private readonly uses: CredentialUsesRepository,
    private readonly intake: SecretIntake,
    private readonly fields: FieldChanges,
    private readonly outbox: Outbox,
    private readonly tokens: TokensService,
  ) {}

  async create(
    input: InputOf<typeof createCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createCredential>> {
    const { credential, secrets } = await this.newCredential(input, context);
    if (await this.credentials.find(context.session, input.id)) throw idTaken(input.id);
    await this.refuseTakenName(context, input.name, input.id);
    await this.credentials.insert(
      context.session,
      credential,
      await this.intake.encrypt(credential, secrets),
      context.actor,
    );
    await this.announce(context, credential, 'created');
    return { credential };
  }

  /** Judged and encrypted like one that is stored, and kept apart from those for a few minutes. */
  async draft(
    input: InputOf<typeof draftCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof draftCredential>> {
    const { credential, secrets } = await this.newCredential({ ...input, name: draftName }, context);
    await this.drafts.insert(context.session, credential, await this.intake.encrypt(credential, secrets));
    return { draft: credential };
  }

  async update(
    input: InputOf<typeof updateCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateCredential>> {
    const stored = await this.get(context, input.id);
    refuseOtherVersion(input.ifVersion, stored.version, 'this credential');
    const name = input.name ?? stored.name;
    await this.refuseTakenName(context, name, stored.id);
    const baseUrl = this.baseUrlAfter(input, stored);
    const change = await this.fields.after(input, stored, baseUrl, context);
    const secrets = change && change.fields;
    const previous = previousAfter(input, stored, change);
    const credential: CredentialRecord = {
      ...stored,
      version: stored.version + 1,
      name,
      baseUrl,
      previous,
      attention: attentionWith(previous, stored.attention),
      ...(secrets && this.secretPart(stored, secrets)),
      ...careOf(input),
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

  private async newCredential(
    input: NewCredential,
    context: CommandContext,
  ): Promise<{ credential: CredentialRecord; secrets: ReadonlyMap<string, SecretString> }> {
    const { advanced = false } = input;
    const manifest = manifestOf(this.manifests, input.connector);
    const scheme = authSchemeOf(manifest, { type: input.type, advanced });
    const baseUrl = baseUrlOf(input.baseUrl, manifest, this.config.ALLOW_LOOPBACK);
    const secrets = await this.intake.open(context.id, input.secrets, input);
    checkNames(scheme, [...secrets.keys()]);
    checkFields(scheme, secrets);
    this.fields.checkAddresses(scheme, secrets);
    const now = this.credentials.time().toISOString();
    const credential: CredentialRecord = {
      id: input.id,
      version: 1,
      name: input.name,
      connector: manifest.id,
      type: scheme.type,
      advanced,
      baseUrl,
      secretFields: [...secrets.keys()],
      secretVersion: 1,
      previous: null,
      ownUsers: null,
      owner: null,
      expiresAt: null,
      ...careOf(input),
      consentUrl: this.fields.consentUrl(scheme, secrets),
      attention: null,
      createdAt: now,
      updatedAt: now,
    };
    return { credential, secrets };
  }

  /** What a new secret changes. When the one of before ends says nothing of the new one. */
  private secretPart(stored: CredentialRecord, secrets: ReadonlyMap<string, SecretString>): Partial<CredentialRecord> {
    const scheme = authSchemeOf(manifestOf(this.manifests, stored.connector), stored);
    return {
      secretFields: [...secrets.keys()],
      secretVersion: stored.secretVersion + 1,
      expiresAt: null,
      consentUrl: this.fields.consentUrl(scheme, secrets),
      attention: null,
    };
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
  }
}

/** What a change did, for whoever wants to know later who did it. */
function editsOf(input: InputOf<typeof updateCredential>, hasSecret: boolean): EditKind[] {
  const { name, baseUrl, owner, expiresAt, ownUsers } = input;
  const isChanged = [name, baseUrl, owner, expiresAt].some((value) => value !== undefined);
  return [
    ...(isChanged ? (['changed'] as const) : []),
    ...(ownUsers !== undefined ? (['changed-own-users'] as const) : []),
    ...(hasSecret ? (['entered-secret'] as const) : []),
  ];
}

/** What people say about a credential beside its secret, as far as they say something. */
function careOf({
  owner,
  expiresAt,
  ownUsers,
}: Partial<Pick<InputOf<typeof createCredential>, Care>>): Partial<CredentialRecord> {
  return {
    ...(ownUsers !== undefined && { ownUsers }),
    ...(owner !== undefined && { owner }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt && new Date(expiresAt).toISOString() }),
  };
}

/**
 * The secret that stays valid beside the present one: that of before, until the vendor accepts the new one. One that the
 * vendor refuses is of no use, nor is one for another address, and one that somebody else may know ends at once.
 */
function previousAfter(
  { keepPrevious = true }: InputOf<typeof updateCredential>,
  { previous, attention, secretVersion, secretFields }: CredentialRecord,
  change: ChangedFields | null,
): CredentialRecord['previous'] {
  if (!keepPrevious || change?.isElsewhere) return null;
  if (!change || previous !== null) return previous;
  return attention === null ? { secretVersion, secretFields } : null;
}
