import type { CommandDefinition, InputOf, ResultOf } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

export interface CommandContext {
  readonly id: string;
  readonly actor: string;
  readonly sender: string;
  readonly correlationId: string;
  /** Transaction of the effect; the result is stored in it too (F2). Absent for handlers outside a transaction. */
  readonly session: ClientSession;
  /** Runs once the transaction is durable, for example to wake a loop. */
  afterCommit(action: () => void): void;
}

export interface CommandHandlerOptions {
  /**
   * `outside` is for commands that ask a vendor or must write before they answer: they get a session without a
   * transaction, may be repeated after a crash, and only their result is stored afterwards.
   */
  readonly mode?: 'transaction' | 'outside';
}

export interface CommandRegistration {
  readonly command: CommandDefinition;
  readonly mode: 'transaction' | 'outside';
}

const registrations = new WeakMap<object, CommandRegistration>();

type Handler<Command extends CommandDefinition> = (
  input: InputOf<Command>,
  context: CommandContext,
) => Promise<ResultOf<Command>>;

/** Marks a provider's method as the handler of a command. It throws `AppError` with a code of the command's list. */
export function HandleCommand<Command extends CommandDefinition>(
  command: Command,
  options: CommandHandlerOptions = {},
) {
  return (_target: object, _property: string | symbol, descriptor: TypedPropertyDescriptor<Handler<Command>>): void => {
    registrations.set(descriptor.value!, { command, mode: options.mode ?? 'transaction' });
  };
}

/** What is known of a command before its transaction. */
export type PreparationContext = Pick<CommandContext, 'id' | 'actor' | 'sender' | 'correlationId'>;

const preparations = new WeakMap<object, CommandDefinition>();

/**
 * Marks a provider's method as what happens before the transaction of a command, for example asking a vendor. It
 * changes nothing, may be repeated, and refuses the command by throwing an `AppError` with a code of its list.
 */
export function PrepareCommand<Command extends CommandDefinition>(command: Command) {
  return (
    _target: object,
    _property: string | symbol,
    descriptor: TypedPropertyDescriptor<(input: InputOf<Command>, context: PreparationContext) => Promise<void>>,
  ): void => {
    preparations.set(descriptor.value!, command);
  };
}

export function commandPreparationOf(method: unknown): CommandDefinition | null {
  return typeof method === 'function' ? (preparations.get(method) ?? null) : null;
}

export function commandRegistrationOf(method: unknown): CommandRegistration | null {
  return typeof method === 'function' ? (registrations.get(method) ?? null) : null;
}
