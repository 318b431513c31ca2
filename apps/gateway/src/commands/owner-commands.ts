import { Inject, Injectable } from '@nestjs/common';
import type { CommandDefinition, InputOf, ResultOf } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';
import { Accepted } from '../http/accepted.js';
import type { CallContext } from '../http/operation.js';
import { OperationsRepository } from '../operations/operations.repository.js';
import { aggregateIdOf } from './aggregate-id.js';
import { isSettled, resultOf } from './command-outcome.js';

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
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(OperationsRepository) private readonly operations: OperationsRepository,
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

  /** @throws CommandRefused, AppError idempotency-key-reused */
  async send<Command extends CommandDefinition, Body>(
    command: Command,
    call: CallContext,
    { aggregate, input, plainBody, bodyOf }: CommandRequest<Command, Body>,
  ): Promise<Body | Accepted> {
    const { outcome, reference } = await this.sender.send(
      command,
      {
        aggregate,
        actor: call.caller.actor,
        correlationId: call.requestId,
        idempotencyKey: call.idempotencyKey,
        input,
        plainBody,
      },
      this.config.ROLLCALL_COMMAND_WAIT_MS,
    );
    if (isSettled(outcome)) return bodyOf(resultOf(outcome));
    return new Accepted(await this.operations.remember(reference, command.type, call.caller.actor));
  }
}
