import { type Databases, inTransaction, isDuplicateKey, messagingCollections } from '@rollcall/collections';
import {
  AppError,
  type CommandEnvelope,
  commandEnvelopeSchema,
  type CommandResultDocument,
  commandSignatureHeader,
  errorText,
  type ServiceName,
} from '@rollcall/contracts';
import { type Logger, withCorrelation } from '@rollcall/observability';
import type { ClientSession, Collection } from 'mongodb';

import type { BatchContext, ConsumedMessage, MessageBatch } from './batch-handler.js';
import type { CommandContext, CommandRegistration, PreparationContext } from './command-handler.js';
import type { DeadLetters } from './dead-letters.js';
import type { ServiceSigning } from './service-signing.js';

export interface BoundCommand extends CommandRegistration {
  readonly handle: (input: unknown, context: CommandContext) => Promise<unknown>;
}

export type CommandPreparation = (input: unknown, context: PreparationContext) => Promise<void>;

export interface CommandServerOptions {
  readonly service: ServiceName;
  readonly databases: Databases;
  readonly signing: ServiceSigning;
  readonly deadLetters: DeadLetters;
  readonly logger: Logger;
  readonly now?: () => number;
}

/** Thrown inside the transaction so that a late effect is rolled back; the refusal is not stored (F4). */
class DeadlinePassed extends Error {}

/** Owner's side of commands: checks who sent it, runs it once, stores the result with the effect (protocol F). */
export class CommandServer {
  private readonly handlers = new Map<string, BoundCommand>();
  private readonly preparations = new Map<string, CommandPreparation>();
  private readonly results: Collection<CommandResultDocument>;
  private readonly now: () => number;

  constructor(private readonly options: CommandServerOptions) {
    this.results = options.databases.collection(messagingCollections(options.service).commandResults);
    this.now = options.now ?? options.databases.timeMs;
  }

  bind(handler: BoundCommand): void {
    this.handlers.set(handler.command.type, handler);
  }

  /** What happens before the transaction of that command; see `PrepareCommand`. */
  prepare(type: string, preparation: CommandPreparation): void {
    this.preparations.set(type, preparation);
  }

  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    for (const message of batch.messages) {
      if (!context.isCurrent()) return;
      await this.take(batch, message);
      await context.commit(message.offset);
    }
  }

  private async take(batch: MessageBatch, message: ConsumedMessage): Promise<void> {
    const envelope = this.authentic(message);
    if (typeof envelope === 'string') {
      this.options.logger.warn(`command refused: ${envelope}`, { offset: message.offset });
      await this.options.deadLetters.park([
        {
          topic: batch.topic,
          partition: batch.partition,
          group: `${this.options.service}.commands`,
          message: { ...message, value: null },
          code: 'command-not-authentic',
          reason: envelope,
        },
      ]);
      return;
    }
    await withCorrelation(envelope.correlationId, () => this.run(envelope));
  }

  /** The envelope, or in words why nobody may act on it. */
  private authentic(message: ConsumedMessage): CommandEnvelope | string {
    if (message.unreadable) return `the batch could not be read: ${message.unreadable.reason}`;
    const signature = message.headers[commandSignatureHeader];
    if (message.value === null || signature === undefined) return 'the message has no value or no signature';
    const parsed = commandEnvelopeSchema.safeParse(parseJson(message.value));
    if (!parsed.success) return 'the value is not a command envelope';
    const envelope = parsed.data;
    const handler = this.handlers.get(envelope.type);
    if (!handler) return `${this.options.service} knows no command ${envelope.type}`;
    if (!handler.command.senders.includes(envelope.sender as ServiceName)) {
      return `${envelope.sender} may not send ${envelope.type}`;
    }
    if (!this.options.signing.verify(envelope.sender, message.value, signature)) {
      return `the signature is not that of ${envelope.sender}`;
    }
    return envelope;
  }

  private async run(envelope: CommandEnvelope): Promise<void> {
    if (await this.results.findOne({ _id: envelope.id }, { projection: { _id: 1 } })) return;
    const handler = this.handlers.get(envelope.type)!;
    const input = handler.command.input.safeParse(envelope.input);
    if (!input.success) {
      const message = input.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
      return this.refuse(envelope, 'invalid-input', message, {});
    }
    try {
      // Before the preparation too: it may ask a vendor, and a message that is replayed long after asks nobody.
      this.checkDeadline(envelope);
      await this.preparations.get(envelope.type)?.(input.data, envelope);
      if (handler.mode === 'transaction') await this.runInside(handler, envelope, input.data);
      else await this.runOutside(handler, envelope, input.data);
    } catch (error) {
      if (error instanceof DeadlinePassed) {
        this.options.logger.warn(`command ${envelope.type} came after its deadline`, { command: envelope.id });
      } else if (error instanceof AppError && !error.retriable) {
        await this.refuse(envelope, error.code, error.message, error.details);
      } else if (!isDuplicateKey(error) || !(await this.results.findOne({ _id: envelope.id }))) {
        this.options.logger.error(`command ${envelope.type} failed, tried again: ${errorText(error)}`);
        throw error;
      }
    }
  }

  private async runInside(handler: BoundCommand, envelope: CommandEnvelope, input: unknown): Promise<void> {
    let after: (() => void)[] = [];
    await inTransaction(this.options.databases, async (session) => {
      after = [];
      this.checkDeadline(envelope);
      const result = await handler.handle(input, this.contextOf(envelope, session, after));
      await this.results.insertOne(this.resultOf(envelope, handler, result), { session });
      this.checkDeadline(envelope);
    });
    for (const action of after) action();
  }

  private async runOutside(handler: BoundCommand, envelope: CommandEnvelope, input: unknown): Promise<void> {
    const after: (() => void)[] = [];
    this.checkDeadline(envelope);
    await this.options.databases.client.withSession(async (session) => {
      const result = await handler.handle(input, this.contextOf(envelope, session, after));
      await this.results.insertOne(this.resultOf(envelope, handler, result));
    });
    for (const action of after) action();
  }

  private contextOf(envelope: CommandEnvelope, session: ClientSession, after: (() => void)[]): CommandContext {
    const { id, actor, sender, correlationId } = envelope;
    return { id, actor, sender, correlationId, session, afterCommit: (action) => after.push(action) };
  }

  private resultOf(envelope: CommandEnvelope, handler: BoundCommand, result: unknown): CommandResultDocument {
    return {
      _id: envelope.id,
      type: envelope.type,
      bodyDigest: envelope.bodyDigest,
      status: 'done',
      result: handler.command.result.parse(result),
      error: null,
      at: new Date(this.now()),
    };
  }

  private async refuse(
    envelope: CommandEnvelope,
    code: string,
    message: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await this.results.updateOne(
      { _id: envelope.id },
      {
        $setOnInsert: {
          type: envelope.type,
          bodyDigest: envelope.bodyDigest,
          status: 'refused',
          result: null,
          error: { code, message, details },
          at: new Date(this.now()),
        },
      },
      { upsert: true },
    );
  }

  private checkDeadline(envelope: CommandEnvelope): void {
    if (this.now() > envelope.deadline) throw new DeadlinePassed();
  }
}

function parseJson(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}
