import { z } from 'zod';

import type { ServiceName } from '../topics.js';

/** A command to the owner of an aggregate (architecture 3, protocol F). One input, one result, one error list. */
export interface CommandDefinition<
  Input extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
  ErrorCode extends string = string,
> {
  readonly type: string;
  readonly owner: ServiceName;
  /** Services that may send it (F1). */
  readonly senders: readonly ServiceName[];
  readonly description: string;
  readonly input: Input;
  readonly result: Result;
  readonly errors: readonly ErrorCode[];
}
export type InputOf<Command extends CommandDefinition> = z.infer<Command['input']>;
export type ResultOf<Command extends CommandDefinition> = z.infer<Command['result']>;
export type ErrorCodeOf<Command extends CommandDefinition> = Command['errors'][number];

const defined = new Map<string, CommandDefinition>();

export function defineCommand<Input extends z.ZodType, Result extends z.ZodType, const ErrorCode extends string>(
  command: CommandDefinition<Input, Result, ErrorCode>,
): CommandDefinition<Input, Result, ErrorCode> {
  if (defined.has(command.type)) throw new Error(`command ${command.type} is defined twice`);
  defined.set(command.type, command);
  return command;
}

export function definedCommands(): readonly CommandDefinition[] {
  return [...defined.values()];
}

/** Milliseconds from sending to the deadline (F1). */
export const commandDeadlineMs = 3 * 60_000;
/** No result this long after the deadline means that it never happens (F2). */
export const commandGraceMs = 5 * 60_000;

/** The value of a message on a commands topic. Its exact bytes are signed by the sender (F1). */
export const commandEnvelopeSchema = z.object({
  id: z.string().min(1).max(200),
  type: z.string(),
  sender: z.string(),
  actor: z.string(),
  correlationId: z.string(),
  /** Epoch milliseconds. */
  deadline: z.number().int(),
  /** Aggregate the command is about; key of the message. */
  aggregate: z.string(),
  /** Keyed digest of type, aggregate and plain body, made by the sender (F5). */
  bodyDigest: z.string(),
  input: z.unknown(),
});
export type CommandEnvelope = z.infer<typeof commandEnvelopeSchema>;

/** Header with the sender's Ed25519 signature over the value bytes, base64url. */
export const commandSignatureHeader = 'signature';

/** Stored under the command id in the transaction of the effect, read by the sender (F2). */
export interface CommandResultDocument {
  _id: string;
  type: string;
  /** Keyed digest of type, aggregate and input: another body under the same id is refused (F1). */
  bodyDigest: string;
  status: 'done' | 'refused';
  result: unknown;
  error: { code: string; message: string; details: Record<string, unknown> } | null;
  at: Date;
}

/** A secret field inside a command: sealed by the sender to the vault's public key, bound to id and field (F5). */
export const sealedFieldSchema = z.object({
  /** Encapsulated HPKE key, base64url. */
  enc: z.string().min(1).max(256),
  /** Ciphertext, base64url. */
  ct: z.string().min(1).max(32_768),
});
export type SealedField = z.infer<typeof sealedFieldSchema>;
