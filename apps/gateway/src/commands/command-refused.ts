import { AppError } from '@rollcall/contracts';

/** The owner of an aggregate refused a command. Code and message are the owner's. */
export class CommandRefused extends AppError {
  constructor(code: string, message: string, details: Record<string, unknown>) {
    super(code, message, { details });
    this.name = 'CommandRefused';
  }
}
