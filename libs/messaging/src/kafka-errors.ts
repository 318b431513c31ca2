import { errorText } from '@rollcall/contracts';

/**
 * What no waiting cures: the broker refuses who asks, or speaks another protocol. Everything else may heal, however
 * kafkajs calls it: brokers that start, coordinators that move, topics that are made anew, names that do not resolve.
 */
const hopelessNames = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey']);
const hopelessTypes = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'SECURITY_DISABLED',
  'UNSUPPORTED_VERSION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
]);

interface ErrorOfKafka {
  readonly name?: string;
  readonly type?: string;
  readonly cause?: unknown;
}

/** Whether only a person can mend it, with another setting and a new start. */
export const isHopeless = (error: unknown): boolean =>
  someCause(error, ({ name, type }) => hopelessNames.has(name ?? '') || hopelessTypes.has(type ?? ''));

/** Whether the error came out of kafkajs, and not out of our own code. */
export const isOfKafka = (error: unknown): boolean =>
  someCause(error, ({ name }) => name?.startsWith('KafkaJS') === true);

/** Whether the broker takes no batch of that size; nothing of it was written to that partition, and none will be. */
export const isTooLarge = (error: unknown): boolean =>
  someCause(error, ({ type }) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');

/** The innermost words: kafkajs wraps an error several times. */
export function kafkaErrorText(error: unknown): string {
  const cause = (error as ErrorOfKafka | null)?.cause;
  return cause instanceof Error && cause !== error ? kafkaErrorText(cause) : errorText(error);
}

function someCause(error: unknown, test: (error: ErrorOfKafka) => boolean): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 10; one = one.cause, depth += 1) {
    if (test(one as ErrorOfKafka)) return true;
  }
  return false;
}
