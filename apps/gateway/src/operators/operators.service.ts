import { Injectable } from '@nestjs/common';
import type { ClientSession, OperatorDocument } from '@rollcall/collections';
import type { CreateOperatorBody, InvitedOperator, Operator, UpdateOperatorBody } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';

import { aggregateIdOf } from '../commands/aggregate-id.js';
import { found, GatewayError } from '../gateway.errors.js';
import type { CallContext } from '../http/operation.js';
import { emailKeyOf } from './email-key.js';
import { LinkMails } from './link-mails.service.js';
import { OperatorLinks } from './operator-links.service.js';
import { OperatorSessionsRepository } from './operator-sessions.repository.js';
import { operatorOf } from './operators.queries.js';
import { isAdministrator, OperatorsRepository } from './operators.repository.js';

@Injectable()
export class OperatorsService {
  constructor(
    private readonly repository: OperatorsRepository,
    private readonly links: OperatorLinks,
    private readonly mails: LinkMails,
    private readonly sessions: OperatorSessionsRepository,
    private readonly sender: CommandSender,
  ) {}

  async invite(
    { email, name, grants }: CreateOperatorBody,
    { caller, idempotencyKey, client, requestId }: CallContext,
  ): Promise<InvitedOperator> {
    const document: OperatorDocument = {
      _id: aggregateIdOf(this.sender.idOf(caller.actor, idempotencyKey)),
      email,
      emailKey: emailKeyOf(email),
      name,
      state: 'invited',
      grants,
      passwordHash: null,
      rolesFromProvider: false,
      createdAt: this.repository.time(),
      lastSignInAt: null,
      version: 1,
    };
    if (!(await this.repository.insert(document))) throw await this.taken(document);
    const link = await this.links.make('invitation', document._id, client);
    const mail = { link, purpose: 'invitation', to: { name, email }, actor: caller.actor, requestId } as const;
    const isMailed = (await this.mails.canSend()) && (await this.mails.send({ ...mail, reference: idempotencyKey }));
    return { ...operatorOf(document), link: isMailed ? null : link };
  }

  /** @param ifVersion version that the change is based on; null for whatever is there */
  async update(id: string, change: UpdateOperatorBody, ifVersion: number | null): Promise<Operator> {
    const after = await this.repository.transaction(async (session) => {
      const before = found(await this.repository.find(id, session), `operator ${id}`);
      if (ifVersion !== null && ifVersion !== before.version) throw changedMeanwhile();
      const wanted = wantedOf(before, change);
      if (isAdministrator(before) && !isAdministrator({ ...before, ...wanted })) await this.mustNotBeLast(id, session);
      if (wanted.state === 'disabled') await this.endSessions(id, session);
      if (wanted.state === 'disabled') await this.repository.dropLinks(id, session);
      return this.repository.update(before, wanted, session);
    });
    if (!after) throw changedMeanwhile();
    return operatorOf(after);
  }

  async signOut(id: string): Promise<Operator> {
    return this.repository.transaction(async (session) => {
      const operator = found(await this.repository.find(id, session), `operator ${id}`);
      await this.endSessions(id, session);
      return operatorOf(operator);
    });
  }

  private async endSessions(id: string, session: ClientSession): Promise<void> {
    await this.repository.noteSignOut(id, session);
    await this.sessions.endAllOf(id, this.repository.time(), session);
  }

  private async mustNotBeLast(id: string, session: ClientSession): Promise<void> {
    const others = (await this.repository.administrators(session)).filter(({ _id }) => _id !== id);
    if (others.length > 0) return;
    throw new GatewayError(
      'last-administrator',
      'Nobody else has the role "admin" for the whole installation, so this operator keeps it and stays active. Give it to somebody else first.',
    );
  }

  /** Why an invitation was not stored: somebody has the address, or this very request was sent before. */
  private async taken({ _id, emailKey }: OperatorDocument): Promise<GatewayError> {
    if ((await this.repository.findByEmail(emailKey))?._id === _id) {
      return new GatewayError(
        'key-shown-once',
        `The first request with this Idempotency-Key invited operator ${_id} and showed the link; it cannot be shown again. If its answer was lost, make another link: POST /api/v1/operators/${_id}/reset-password.`,
      );
    }
    return new GatewayError('name-taken', 'There is an operator with this e-mail address already. Change that one.');
  }
}

/** An invited operator who is let in again has still to choose a password. */
function wantedOf(
  { passwordHash, subject }: OperatorDocument,
  { state, name, grants }: UpdateOperatorBody,
): Partial<OperatorDocument> {
  const isNew = passwordHash === null && subject === undefined;
  return {
    ...(name !== undefined && { name }),
    ...(grants !== undefined && { grants, rolesFromProvider: false }),
    ...(state !== undefined && { state: state === 'active' && isNew ? 'invited' : state }),
  };
}

const changedMeanwhile = (): GatewayError =>
  new GatewayError(
    'version-conflict',
    'Somebody else changed this operator meanwhile. Read it again and send its ETag as If-Match.',
  );
