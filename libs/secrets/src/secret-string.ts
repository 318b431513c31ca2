import { inspect } from 'node:util';

const placeholder = '[secret]';
const values = new WeakMap<SecretString, string>();
const plain = new WeakSet<SecretString>();
const listeners = new Set<(value: string) => void>();

/**
 * A secret that prints as `[secret]` in templates, JSON, logs and inspection. The value is held outside the object, so
 * neither spreading nor walking its properties finds it.
 */
export class SecretString {
  constructor(value: string) {
    values.set(this, value);
  }

  /** True for a secret without any characters. */
  get isEmpty(): boolean {
    return values.get(this) === '';
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [Symbol.toPrimitive](): string {
    return placeholder;
  }

  [inspect.custom](): string {
    return placeholder;
  }
}

/** The only way to the value of a secret. Use the result at once and store it nowhere. */
export function unwrapSecret(secret: SecretString): string {
  const value = peekSecret(secret);
  if (!plain.has(secret)) noteSecretInUse(value);
  return value;
}

/** Tells whoever listens of a secret that was cut out of one, or never wrapped. */
export function noteSecretInUse(value: string): void {
  for (const listener of listeners) listener(value);
}

/**
 * Marks those of the fields that are declared to be no secrets, like client ids and regions: nobody is told when they are
 * unwrapped, since their words stand in many harmless lines. A field that nobody declared is a secret.
 */
export function markPlainFields(
  fields: Iterable<readonly [string, SecretString]>,
  inputs: readonly DeclaredField[] = [],
): void {
  for (const [name, value] of fields) if (isPlainField(name, inputs)) plain.add(value);
}

/** Whether a field is declared to be no secret. */
export function isPlainField(name: string, inputs: readonly DeclaredField[] = []): boolean {
  return inputs.find((input) => input.name === name)?.secret === false;
}

/** What the type of a credential says of one of its fields. */
export interface DeclaredField {
  readonly name: string;
  readonly secret: boolean;
}

/**
 * For sealing and opening inside this library, which hand a value on wrapped again. Nobody is told: an envelope is no
 * secret to look for in logs. It holds names and addresses beside secrets, whose pieces stand in many harmless lines.
 */
export function peekSecret(secret: SecretString): string {
  const value = values.get(secret);
  if (value === undefined) throw new TypeError('unwrapSecret needs a SecretString');
  return value;
}

/**
 * Tells `listener` every secret that is unwrapped from now on; services hand it to the log redactor. Returns the way to
 * stop it.
 */
export function onSecretUnwrapped(listener: (value: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** For callers that may hold a secret that is not wrapped yet. */
export function wrapSecret(value: string | SecretString): SecretString {
  return typeof value === 'string' ? new SecretString(value) : value;
}
