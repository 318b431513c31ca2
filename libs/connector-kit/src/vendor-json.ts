import { createHash } from 'node:crypto';

import { hasVisibleCharacter, wellFormed } from '@rollcall/contracts';

import { isTooLarge, noteLargeNumbers, wasLargeNumber, withLargeNumbersAsText } from './exact-numbers.js';
import { cutToSize, deepestLevel, longestRecord, noteDefect } from './record-defects.js';
import { VendorError } from './vendor-error.js';

/** Names that reach a prototype when a careless copy assigns them (P36). No vendor field is called so. */
const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

export interface JsonOptions {
  /**
   * How deep a record lies: 2 for a listing (`{ users: [record] }`), 1 for a record in an envelope (`{ data: record }`), 0
   * when the answer is one record itself.
   */
  readonly recordDepth?: 0 | 1 | 2;
}

function unreadable(reason: string): VendorError {
  return new VendorError('vendor-answer-unreadable', `The vendor's answer cannot be read: ${reason}.`);
}

function parse(text: string): unknown {
  if (text.trim() === '') throw unreadable('it is empty');
  if (text.trimStart().startsWith('<')) throw unreadable('it is a web page or XML instead of data');
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error repeats the text (N8).
    throw unreadable('it is not valid JSON, or was cut off');
  }
}

/**
 * Walks a parsed answer once: keys that reach a prototype, half characters, numbers that lost digits, records nested too
 * deep.
 */
class Cleaner {
  hasLargeNumber = false;

  constructor(private readonly recordDepth: number) {}

  /** Above the records an answer is as deep as its envelope. */
  clean(value: unknown, depth = 0): void {
    if (typeof value === 'number') this.note(value);
    if (typeof value !== 'object' || value === null) return;
    if (depth === this.recordDepth) return this.cleanRecord(value, depth);
    for (const child of cleanChildren(value)) this.clean(child, depth + 1);
  }

  /** What is nested too deep is taken out of its record, which is named for it. */
  private cleanRecord(record: object, depth: number): void {
    mend(record);
    for (const field of Object.keys(record)) {
      if (this.isShallow((record as Record<string, unknown>)[field], depth + 1)) continue;
      Reflect.deleteProperty(record, field);
      noteDefect(record, { code: 'record-too-deep', field });
    }
  }

  private isShallow(value: unknown, depth: number): boolean {
    if (typeof value === 'number') this.note(value);
    if (typeof value !== 'object' || value === null) return true;
    if (depth >= deepestLevel) return false;
    return cleanChildren(value).every((child) => this.isShallow(child, depth + 1));
  }

  private note(value: number): void {
    if (isTooLarge(value)) this.hasLargeNumber = true;
  }
}

/** Half characters in a name: UTF-8 cannot write them, so the record would not be what is stored of it. */
function renamed(value: Record<string, unknown>, key: string): string {
  if (key.isWellFormed()) return key;
  const name = wellFormed(key);
  value[name] ??= value[key];
  Reflect.deleteProperty(value, key);
  return name;
}

/** What is wrong with names and texts right below: names that reach a prototype, half characters. */
function mend(value: object): void {
  const whole = value as Record<PropertyKey, unknown>;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (typeof key === 'string' && prototypeKeys.has(key)) {
      Reflect.deleteProperty(value, key);
      continue;
    }
    const place = typeof key === 'string' ? renamed(whole, key) : key;
    const part = whole[place];
    if (typeof part === 'string' && !part.isWellFormed()) whole[place] = wellFormed(part);
  }
}

function cleanChildren(value: object): readonly unknown[] {
  mend(value);
  return Array.isArray(value) ? value : Object.values(value);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function children(value: unknown): unknown[] {
  return isObject(value) ? Object.values(value) : [];
}

function recordsAt(root: unknown, depth: number): unknown[] {
  return depth === 0 ? [root] : children(root).flatMap((child) => recordsAt(child, depth - 1));
}

/**
 * Parses a vendor's answer by its shape, never by its content type (V10). One odd value stops nothing: a number too large
 * to be kept exactly becomes a text of its own digits (N4), prototype keys are dropped, and what makes a record too deep
 * or too large (V17) is taken out of it and noted, for `readRecord` to name that record. Text is made well-formed here,
 * once: event, record and history then hold the same. Errors never repeat the text (N8).
 * @throws VendorError `vendor-answer-unreadable`
 */
export function parseVendorJson(text: string, { recordDepth = 2 }: JsonOptions = {}): unknown {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let root = parse(json);
  const cleaner = new Cleaner(recordDepth);
  cleaner.clean(root);
  if (cleaner.hasLargeNumber) {
    const before = recordsAt(root, recordDepth);
    root = parse(withLargeNumbersAsText(json));
    new Cleaner(recordDepth).clean(root);
    recordsAt(root, recordDepth).forEach((record, index) => {
      if (isObject(record)) noteLargeNumbers(before[index] as object, record);
    });
  }
  if (json.length > longestRecord) {
    for (const record of recordsAt(root, recordDepth)) {
      if (isObject(record)) cutToSize(record);
    }
  }
  return root;
}

/** Fingerprint of a page's text, to find repeated pages (V13). */
export function pageDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value's own text, null for anything that is no text or shows nothing. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && hasVisibleCharacter(value) ? value : null;
}

/**
 * The id of a record whose ids are texts; null for anything else, digits of a number too: that would be another id. Ids
 * are compared and not read, so one of blanks is an id like any other.
 */
export function textIdOf(record: Record<string, unknown>, field: string): string | null {
  const id = record[field];
  return typeof id === 'string' && id !== '' && !wasLargeNumber(record, field) ? id : null;
}
