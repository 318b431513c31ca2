import { textOf } from '@rollcall/contracts';

import { redactSecrets, secretPlaceholder } from './redactor.js';

/** Fields of this name are never shown when they hold text, whether or not the value is registered. */
const secretName =
  /^(.*[-_. ])?(authorization|cookie|set-cookie|password|passwd|passphrase|secret|token|api[-_]?key|x-api-key|prov[-_]?hash|private[-_]?key)$/i;
/** The same in camel case: clientSecret, accessToken. */
const secretCamelName = /(Password|Secret|Token|ApiKey|PrivateKey|Authorization|ProvHash)$/;

const deepest = 8;
const mostEntries = 200;
const longestText = 16_384;

/**
 * A copy of anything that is safe to write into a log: secrets replaced (P20), errors with message, stack and cause,
 * size and depth bounded (P40), no cycles, no binary data.
 */
export function logValue(value: unknown): unknown {
  return copy(value, 0, []);
}

function copy(value: unknown, depth: number, parents: readonly object[]): unknown {
  if (typeof value === 'string') return logText(value);
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return numberOf(value);
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (parents.includes(value)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  return copyObject(value, depth, [...parents, value]);
}

/** Text with secrets replaced, cut at 16 KB after redaction so that no secret is cut in two before it. */
export function logText(text: string): string {
  const redacted = redactSecrets(text);
  return redacted.length <= longestText
    ? redacted
    : `${redacted.slice(0, longestText)}… (${redacted.length - longestText} more characters)`;
}

function numberOf(value: number | bigint): unknown {
  const text = String(value);
  const redacted = redactSecrets(text);
  if (redacted !== text) return redacted;
  return typeof value === 'bigint' ? text : value;
}

function copyObject(value: object, depth: number, parents: readonly object[]): unknown {
  if (value instanceof Error) return copyError(value, depth, parents);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map)
    return copyEntries(
      [...value].map(([key, entry]) => [textOf(key), entry]),
      depth,
      parents,
    );
  if (value instanceof Set) return copyList([...value], depth, parents);
  if (Array.isArray(value)) return copyList(value, depth, parents);
  const plain = 'toJSON' in value && typeof value.toJSON === 'function' ? plainOf(value.toJSON.bind(value)) : value;
  return plain === value ? copyEntries(Object.entries(value), depth, parents) : copy(plain, depth + 1, parents);
}

/** A log line must not fail because of what it is asked to show. */
function plainOf(toJson: () => unknown): unknown {
  try {
    return toJson();
  } catch {
    return '[unprintable]';
  }
}

function copyList(values: readonly unknown[], depth: number, parents: readonly object[]): unknown[] {
  const shown = values.slice(0, mostEntries).map((value) => copy(value, depth + 1, parents));
  return values.length > mostEntries ? [...shown, `… ${values.length - mostEntries} more`] : shown;
}

function copyEntries(entries: readonly [string, unknown][], depth: number, parents: readonly object[]): unknown {
  const shown = entries
    .slice(0, mostEntries)
    .map(([key, value]) => [
      logText(key),
      typeof value === 'string' && value !== '' && isSecretName(key)
        ? secretPlaceholder
        : copy(value, depth + 1, parents),
    ]);
  return Object.fromEntries(shown);
}

function isSecretName(name: string): boolean {
  return secretName.test(name) || secretCamelName.test(name);
}

function copyError(error: Error, depth: number, parents: readonly object[]): unknown {
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key));
  return {
    name: error.name,
    message: logText(error.message),
    stack: logText(error.stack ?? ''),
    ...(copyEntries(own, depth, parents) as object),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1, parents) }),
  };
}
