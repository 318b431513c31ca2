import { Inject, Injectable } from '@nestjs/common';
import type { OutgoingMailDocument } from '@rollcall/collections';
import { type InputOf, mailLink, type ResultOf } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import { registerSecretValue } from '@rollcall/observability';
import { openCommandField, readSealPrivateKey, type SealKeyPair, unwrapSecret } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { CLOCK, type Clock } from '../clock/clock.js';
import type { NotifierConfig } from '../config.js';
import { linkPlace, linkText } from './link-texts.js';
import { MailRepository } from './mail.repository.js';

/** Mails with a link that lets in whoever has it: it is opened in the moment in which the mail leaves. */
@Injectable()
export class LinkMails {
  private key: Promise<SealKeyPair> | null = null;

  constructor(
    private readonly mails: MailRepository,
    @Inject(CONFIG) private readonly config: NotifierConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async enqueue(
    { to, purpose, link, expiresAt }: InputOf<typeof mailLink>,
    { id: command, session }: CommandContext,
  ): Promise<ResultOf<typeof mailLink>> {
    const until = new Date(expiresAt);
    const mail = {
      _id: uuidv7(),
      to,
      ...linkText(purpose, to.name, until),
      createdAt: this.clock.now(),
      sealedLink: { command, ...link },
      expiresAt: until,
    };
    await this.mails.enqueue(session, mail);
    return { mail: mail._id };
  }

  /** The text as it is sent. @throws SecretsError when the link was sealed to another key */
  async textOf({ text, sealedLink }: OutgoingMailDocument): Promise<string> {
    if (!sealedLink) return text;
    const { command: commandId, enc, ct } = sealedLink;
    const { privateKey } = await this.ownKey();
    const link = await openCommandField({ privateKey, commandId, field: 'link', sealed: { enc, ct } });
    // Mail servers quote what they refuse.
    registerSecretValue(unwrapSecret(link));
    return text.replace(linkPlace, () => unwrapSecret(link));
  }

  /** Read when first needed: notices are mailed without it. */
  private async ownKey(): Promise<SealKeyPair> {
    this.key ??= readSealPrivateKey(this.config.ROLLCALL_KEYS_DIR, 'mail');
    try {
      return await this.key;
    } catch (error) {
      this.key = null;
      throw error;
    }
  }
}
