import { describeVendorError, VendorError } from '@rollcall/connector-kit';
import { AppError } from '@rollcall/contracts';

/** Ends a run with a named reason that a person can read. */
export class RunFailure extends AppError {}

export interface RunReason {
  readonly code: string;
  readonly message: string;
}

/**
 * The named reason of a failed run, or null for anything that is no answer of vendor, vault or guard: an engine that
 * is away, or a defect. Those are tried again by the next holder.
 */
export function reasonOf(error: unknown, secretVersion: number | null): RunReason | null {
  if (error instanceof VendorError) {
    const version =
      error.code === 'vendor-auth-rejected' && secretVersion !== null ? ` (Secret version ${secretVersion}.)` : '';
    return { code: error.code, message: `${describeVendorError(error)}${version}` };
  }
  return error instanceof AppError ? { code: error.code, message: error.message } : null;
}
