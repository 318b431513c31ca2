import type { Operation } from '@rollcall/contracts';
import type { CommandOutcome } from '@rollcall/messaging';

import { CommandRefused } from './command-refused.js';

type Settled<Result> = Exclude<CommandOutcome<Result>, { status: 'pending' | 'never' }>;

/** Is the outcome of a command known? If not, the client gets 202 and asks again (F3). */
export function isSettled<Result>(outcome: CommandOutcome<Result>): outcome is Settled<Result> {
  return outcome.status === 'done' || outcome.status === 'refused';
}

/**
 * The result of a command that its owner carried out.
 * @throws CommandRefused with code and message of the owner
 */
export function resultOf<Result>(outcome: Settled<Result>): Result {
  if (outcome.status === 'done') return outcome.result;
  throw new CommandRefused(outcome.error.code, outcome.error.message, outcome.error.details);
}

/** The outcome for a client that asks again (F3). */
export function describeOutcome(outcome: CommandOutcome<unknown>): Pick<Operation, 'state' | 'result' | 'error'> {
  switch (outcome.status) {
    case 'done':
      return { state: 'done', result: outcome.result, error: null };
    case 'refused':
      return { state: 'refused', result: null, error: { code: outcome.error.code, message: outcome.error.message } };
    case 'pending':
    case 'never':
      return { state: outcome.status, result: null, error: null };
  }
}
