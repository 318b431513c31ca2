import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Databases, messagingCollections, type OutboxDocument, pollUntil } from '@rollcall/collections';
import {
  AppError,
  commandDeadlineMs,
  type CommandDefinition,
  type CommandEnvelope,
  commandGraceMs,
  type CommandResultDocument,
  commandSignatureHeader,
  commandsTopicOf,
  definedCommands,
  type InputOf,
  type ResultOf,
  type ServiceName,
} from '@rollcall/contracts';

import { isHopeless, isOfKafka } from './kafka-errors.js';
import type { Publisher } from './publisher.js';
import type { ServiceSigning } from './service-signing.js';

export type CommandOutcome<Result> =
  | { readonly status: 'done'; readonly result: Result }
  | {
      readonly status: 'refused';
      readonly error: { readonly code: string; readonly message: string; readonly details: Record<string, unknown> };
    }
  | { readonly status: 'pending' }
  | { readonly status: 'never' };

/** Where the result of a command will be found. */
export interface CommandReference {
  readonly owner: ServiceName;
  readonly id: string;
  readonly bodyDigest: string;
  readonly deadline: number;
}

export interface SendOptions<Input> {
  readonly aggregate: string;
  readonly actor: string;
  readonly correlationId: string;
  /** Same key of the same actor = same command, however often it is sent (F1). */
  readonly idempotencyKey: string;
  readonly input: Input;
  /** What identifies the body when `input` holds sealed fields, which differ at each sealing (F5). */
  readonly plainBody?: unknown;
}

/** Milliseconds between looks at the result document (F3). */
const lookAfterMs = [5, 10, 20, 50, 50, 100, 100, 200];

/** Between two attempts to send what the broker did not take. */
const sendAgainMs = 1_000;

export function commandId(sender: ServiceName, actor: string, idempotencyKey: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([actor, idempotencyKey]))
    .digest('hex');
  return `${sender}-${hash.slice(0, 40)}`;
}

/** Sends commands and reads their results from the owner's database. No reply topics (architecture 3). */
export class CommandSender implements OutboxCommandSender {
  constructor(
    private readonly service: ServiceName,
    private readonly publisher: Publisher,
    private readonly databases: Databases,
    private readonly signing: ServiceSigning,
  ) {}

  idOf(actor: string, idempotencyKey: string): string {
    return commandId(this.service, actor, idempotencyKey);
  }

  /** Sends and waits `waitMs` for the outcome; `pending` afterwards, with the reference to ask again. */
  async send<Command extends CommandDefinition>(
    command: Command,
    options: SendOptions<InputOf<Command>>,
    waitMs = 10_000,
  ): Promise<{ outcome: CommandOutcome<ResultOf<Command>>; reference: CommandReference }> {
    const reference: CommandReference = {
      owner: command.owner,
      id: this.idOf(options.actor, options.idempotencyKey),
      bodyDigest: this.signing.digest(
        command.type,
        options.aggregate,
        JSON.stringify(options.plainBody ?? options.input),
      ),
      deadline: this.databases.timeMs() + commandDeadlineMs,
    };
    let outcome = await this.look<ResultOf<Command>>(reference);
    if (outcome.status === 'pending') {
      const sent = this.publish(command, reference, options);
      // A broker that is away keeps it waiting. It is sent when the broker is back, or `look` says `never`.
      const isSent = await Promise.race([sent.then(() => true), sleep(waitMs, false, { ref: false })]);
      if (isSent) outcome = await this.await<ResultOf<Command>>(reference, waitMs);
      else void sent.catch((error: unknown) => this.sendLater(error, command, reference, options));
    }
    return { outcome, reference };
  }

  /** The outcome as known now; `never` when the deadline is long past (F2). */
  async look<Result>(reference: CommandReference): Promise<CommandOutcome<Result>> {
    const document = await this.results(reference.owner).findOne({ _id: reference.id });
    if (document) return this.outcomeOf<Result>(document, reference);
    return this.databases.timeMs() > reference.deadline + commandGraceMs ? { status: 'never' } : { status: 'pending' };
  }

  private async await<Result>(reference: CommandReference, waitMs: number): Promise<CommandOutcome<Result>> {
    const known = async () => {
      const outcome = await this.look<Result>(reference);
      return outcome.status === 'pending' ? null : outcome;
    };
    return (await pollUntil<CommandOutcome<Result>>(known, lookAfterMs, waitMs)) ?? { status: 'pending' };
  }

  private outcomeOf<Result>(document: CommandResultDocument, reference: CommandReference): CommandOutcome<Result> {
    if (document.bodyDigest !== reference.bodyDigest) {
      throw new AppError(
        'idempotency-key-reused',
        'This idempotency key was already used for another request. Use a new key for a new request.',
      );
    }
    if (document.status === 'refused') return { status: 'refused', error: document.error! };
    return { status: 'done', result: document.result as Result };
  }

  async isSettled(entry: OutboxDocument): Promise<boolean> {
    const { owner, actor } = entry.command!;
    return (
      (await this.results(owner).findOne({ _id: this.idOf(actor, entry._id) }, { projection: { _id: 1 } })) !== null
    );
  }

  async sendAgain(entry: OutboxDocument): Promise<void> {
    const { type, actor, correlationId, owner } = entry.command!;
    const command = definedCommands().find((definition) => definition.type === type && definition.owner === owner);
    if (!command) throw new Error(`outbox entry ${entry._id} names the unknown command ${type}`);
    const input: unknown = JSON.parse(entry.value);
    const reference: CommandReference = {
      owner,
      id: this.idOf(actor, entry._id),
      bodyDigest: this.signing.digest(type, entry.key, entry.value),
      deadline: this.databases.timeMs() + commandDeadlineMs,
    };
    await this.publish(command, reference, { aggregate: entry.key, actor, correlationId, input });
  }

  private async publish(
    command: CommandDefinition,
    reference: CommandReference,
    options: { aggregate: string; actor: string; correlationId: string; input: unknown },
  ): Promise<void> {
    const envelope: CommandEnvelope = {
      id: reference.id,
      type: command.type,
      sender: this.service,
      actor: options.actor,
      correlationId: options.correlationId,
      deadline: reference.deadline,
      aggregate: options.aggregate,
      bodyDigest: reference.bodyDigest,
      input: command.input.parse(options.input),
    };
    const value = Buffer.from(JSON.stringify(envelope), 'utf8');
    await this.publisher.publish([
      {
        topic: commandsTopicOf(command.owner),
        key: options.aggregate,
        value,
        headers: { [commandSignatureHeader]: this.signing.sign(value) },
      },
    ]);
  }

  /**
   * Nobody waits for the sending any more, but for the outcome they may: what was given up while the broker was away is sent
   * once it is back, until it is too old. Sending twice is harmless, not sending lets whoever asks wait in vain.
   */
  private async sendLater(
    failure: unknown,
    command: CommandDefinition,
    reference: CommandReference,
    options: Parameters<CommandSender['publish']>[2],
  ): Promise<void> {
    for (let error = failure; isOfKafka(error) && !isHopeless(error);) {
      await sleep(sendAgainMs, undefined, { ref: false });
      if (this.databases.timeMs() > reference.deadline) return;
      try {
        return await this.publish(command, reference, options);
      } catch (again) {
        error = again;
      }
    }
  }

  private results(owner: ServiceName) {
    return this.databases.collection(messagingCollections(owner).commandResults);
  }
}

/** The part of the sender that the outbox relay needs. */
export interface OutboxCommandSender {
  isSettled(entry: OutboxDocument): Promise<boolean>;
  sendAgain(entry: OutboxDocument): Promise<void>;
}
