import { Inject, Injectable } from '@nestjs/common';
import { Databases, mailServers, queryTimeMs } from '@rollcall/collections';
import { errorText, type InputOf, mailLink, type OperatorLink } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { readSealPublicKey, sealCommandField, SecretString } from '@rollcall/secrets';
import { CONFIG, LOGGER } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';

/** A link, whom it is for, and what caused it. */
export interface LinkToMail {
  readonly link: OperatorLink;
  readonly purpose: InputOf<typeof mailLink>['purpose'];
  readonly to: { readonly name: string; readonly email: string };
  readonly actor: string;
  readonly requestId: string;
  /** The same for a repetition of what caused it. */
  readonly reference: string;
}

/** Hands links that let people in to notifier, which mails them. On the way they are sealed. */
@Injectable()
export class LinkMails {
  constructor(
    private readonly databases: Databases,
    private readonly sender: CommandSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Whether links can be mailed. Never without a public address: whoever asks for a link could else choose the host that
   * it leads to, by a header of the request.
   */
  async canSend(): Promise<boolean> {
    if (this.config.ROLLCALL_PUBLIC_URL === undefined) return false;
    const options = { maxTimeMS: queryTimeMs };
    const server = await this.databases.model(mailServers).findOne({ _id: 'mail-server' }, null, options).lean();
    return server?.reachable === true;
  }

  /** False when it is not known that notifier took it; nothing is thrown, since there are other ways to hand a link on. */
  async send({ link, purpose, to, actor, requestId, reference }: LinkToMail): Promise<boolean> {
    try {
      const idempotencyKey = `link mail ${reference}`;
      const publicKey = await readSealPublicKey(this.config.ROLLCALL_KEYS_DIR, 'mail');
      const commandId = this.sender.idOf(actor, idempotencyKey);
      const value = new SecretString(link.url);
      const sealed = await sealCommandField({ publicKey, commandId, field: 'link', value });
      const input = { to, purpose, link: sealed, expiresAt: link.expiresAt };
      const { outcome } = await this.sender.send(
        mailLink,
        { aggregate: commandId, actor, correlationId: requestId, idempotencyKey, input, plainBody: { to, purpose } },
        this.config.ROLLCALL_COMMAND_WAIT_MS,
      );
      return outcome.status === 'done';
    } catch (error) {
      this.logger.warn(`a link could not be handed to notifier: ${errorText(error)}`);
      return false;
    }
  }
}
