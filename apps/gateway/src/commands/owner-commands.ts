import { Inject, Injectable } from '@nestjs/common';
import { AppError, type CommandDefinition, type InputOf, type ResultOf } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';
import { ZodError } from 'zod';

import type { GatewayConfig } from '../config.js';
import { GatewayError } from '../gateway.errors.js';
import { Accepted } from '../http/accepted.js';
import type { CallContext } from '../http/operation.js';
import { aggregateIdOf } from './aggregate-id.js';
import { isSettled, resultOf } from './command-outcome.js';
import { OperationsRepository } from './operations.repository.js';

export interface CommandRequest<Command extends CommandDefinition, Body> {
  readonly aggregate: string;
  readonly input: InputOf<Command>;
  /** What the client sent, when `input` holds sealed fields, which differ at each sealing (F5). */
  readonly plainBody?: unknown;
  readonly bodyOf: (result: ResultOf<Command>) => Body;
}

/** Sends commands for callers of the API and turns what becomes of them into answers. */
@Injectable()
export class OwnerCommands {
  constructor(
    private readonly sender: CommandSender,
    private readonly operations: OperationsRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Id of the command that a call sends. */
  commandIdOf({ caller, idempotencyKey }: CallContext): string {
    return this.sender.idOf(caller.actor, idempotencyKey);
  }

  /** Id for the aggregate that a call makes; the same for a repetition of the call. */
  newAggregateId(call: CallContext): string {
    return aggregateIdOf(this.commandIdOf(call));
  }

  /** @throws CommandRefused, AppError idempotency-key-reused, GatewayError outcome-unknown */
  async send<Command extends CommandDefinition, Body>(
    command: Command,
    call: CallContext,
    { aggregate, input, plainBody, bodyOf }: CommandRequest<Command, Body>,
  ): Promise<Body | Accepted> {
    const options = {
      aggregate,
      actor: call.caller.actor,
      correlationId: call.requestId,
      idempotencyKey: call.idempotencyKey,
      input,
      plainBody,
    };
    const { outcome, reference } = await this.sender
      .send(command, options, this.config.ROLLCALL_COMMAND_WAIT_MS)
      .catch((error: unknown) => {
        throw isOurs(error) ? error : outcomeUnknown(error, call);
      });
    if (isSettled(outcome)) return bodyOf(resultOf(outcome));
    return new Accepted(await this.operations.remember(reference, command.type, call.caller.actor));
  }
}

/** A refusal, or an input that the command's own schema does not take: a defect of an operation's schemas, nothing was sent. */
function isOurs(error: unknown): error is Error {
  return error instanceof AppError || error instanceof ZodError;
}

/** Broker or database did not answer: the command may or may not have left. The same key makes asking again safe (F1). */
function outcomeUnknown(cause: unknown, { idempotencyKey }: CallContext): GatewayError {
  return new GatewayError(
    'outcome-unknown',
    `Broker or database did not answer, so it is not known whether the command was sent. Send the same request again with "Idempotency-Key: ${idempotencyKey}": it is done once, whatever happened to this one.`,
    [],
    cause,
  );
}
