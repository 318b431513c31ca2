import { Injectable } from '@nestjs/common';
import { Databases, type OperationDocument, operations, queryTimeMs } from '@rollcall/collections';
import type { Operation, ServiceName } from '@rollcall/contracts';
import type { CommandReference } from '@rollcall/messaging';

/** Commands that were answered with 202. */
@Injectable()
export class OperationsRepository {
  constructor(private readonly databases: Databases) {}

  /** Stores where the outcome will be, or the newer deadline of a repetition, and gives the operation to answer with. */
  async remember(reference: CommandReference, type: string, actor: string): Promise<Operation> {
    const { owner, id: command, bodyDigest } = reference;
    const id = `${owner}.${command}`;
    const deadline = new Date(reference.deadline);
    const document = await this.databases
      .model(operations)
      .findOneAndUpdate(
        { _id: id },
        {
          $set: { deadline, bodyDigest },
          $setOnInsert: { owner, command, type, actor, createdAt: this.databases.time() },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean();
    const createdAt = document!.createdAt.toISOString();
    return { id, type, state: 'pending', result: null, error: null, createdAt, deadline: deadline.toISOString() };
  }

  async find(id: string): Promise<OperationDocument | null> {
    return this.databases.model(operations).findOne({ _id: id }, null, { maxTimeMS: queryTimeMs }).lean();
  }

  referenceOf({ owner, command, bodyDigest, deadline }: OperationDocument): CommandReference {
    return { owner: owner as ServiceName, id: command, bodyDigest, deadline: deadline.getTime() };
  }
}
