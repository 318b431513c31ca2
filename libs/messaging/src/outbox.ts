import type { OutboxDocument } from '@rollcall/collections';
import {
  type CommandDefinition,
  type DataOf,
  encodeEvent,
  type EventDefinition,
  type InputOf,
} from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';

/** Writes what must be said into the transaction that makes it true; the relay says it afterwards (F4, F6). */
export class Outbox {
  /** Sessions that have written to it and have not ended. */
  private readonly writing = new WeakSet<ClientSession>();

  /** @param onWritten called once the transaction is over, committed or not */
  constructor(
    private readonly collection: Collection<OutboxDocument>,
    private readonly onWritten: () => void = () => undefined,
  ) {}

  /** An event of this service. `id` is unique within the topic; `time` is the transaction's, ISO in UTC. */
  async event<Definition extends EventDefinition>(
    session: ClientSession,
    definition: Definition,
    event: { id: string; key: string; subject: string; time: string; data: DataOf<Definition> },
  ): Promise<void> {
    await this.insert(session, {
      _id: `${definition.topic.noun}/${event.id}`,
      kind: 'event',
      topic: definition.topic.name,
      key: event.key,
      value: encodeEvent(definition, event),
      command: null,
    });
  }

  /** A command that must be heard: sent under the same id until its owner has a result (F4). */
  async command<Command extends CommandDefinition>(
    session: ClientSession,
    command: Command,
    message: { key: string; aggregate: string; actor: string; correlationId: string; input: InputOf<Command> },
  ): Promise<void> {
    await this.insert(session, {
      _id: `${command.type}/${message.key}`,
      kind: 'command',
      topic: '',
      key: message.aggregate,
      value: JSON.stringify(message.input),
      command: {
        owner: command.owner,
        type: command.type,
        actor: message.actor,
        correlationId: message.correlationId,
      },
    });
  }

  private async insert(
    session: ClientSession,
    entry: Omit<OutboxDocument, 'order' | 'notBefore' | 'attempts'>,
  ): Promise<void> {
    // UUIDv7 rises with time and within a millisecond, which is the order of one process.
    const document: OutboxDocument = { ...entry, order: uuidv7(), notBefore: new Date(0), attempts: 0 };
    await this.collection.insertOne(document, { session });
    if (this.writing.has(session)) return;
    this.writing.add(session);
    session.once('ended', () => this.onWritten());
  }
}
