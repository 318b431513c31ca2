import { createHash } from 'node:crypto';

import { wellFormed } from '@rollcall/contracts';

import { VendorError } from './vendor-error.js';

const maxDepth = 64;
const maxRecordLength = 2 * 1024 * 1024;
/** Names that reach a prototype when a careless copy assigns them (P36). No vendor field is called so. */
const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** `id`, `_id`, `userId`, `ids` … : where a rounded number would be another person (N4). */
const idLike = /ids?$/i;

export interface JsonOptions {
  /** How deep a record lies: 2 for a listing (`{ users: [record] }`), 0 when the answer is one record itself. */
  readonly recordDepth?: 0 | 2;
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

function checkNumber(value: number, key: string): void {
  if (idLike.test(key) && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw unreadable('it holds an id that is a number too large to be kept exactly');
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

function cleanObject(value: Record<string, unknown>, depth: number): void {
  for (const key of Object.keys(value)) {
    if (prototypeKeys.has(key)) Reflect.deleteProperty(value, key);
    else cleanPart(value, renamed(value, key), key, depth);
  }
}

/** @param key name that the part goes by; for a part of a list that of the list */
function cleanPart(whole: Record<PropertyKey, unknown>, place: PropertyKey, key: string, depth: number): void {
  const part = whole[place];
  if (typeof part !== 'string') clean(part, key, depth + 1);
  else if (!part.isWellFormed()) whole[place] = wellFormed(part);
}

/** Walks the parsed value once: depth, ids that lost digits, keys that reach a prototype, half characters. */
function clean(value: unknown, key: string, depth: number): void {
  if (typeof value === 'number') return checkNumber(value, key);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= maxDepth) throw unreadable(`it is nested deeper than ${maxDepth} levels`);
  if (!Array.isArray(value)) return cleanObject(value as Record<string, unknown>, depth);
  for (const index of value.keys()) cleanPart(value as never, index, key, depth);
}

function children(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function checkRecordSize(root: unknown, textLength: number, recordDepth: 0 | 2): void {
  if (textLength <= maxRecordLength) return;
  const tooLarge = (record: unknown): boolean => (JSON.stringify(record)?.length ?? 0) > maxRecordLength;
  if (recordDepth === 0 || children(root).flatMap(children).some(tooLarge)) {
    throw new VendorError('vendor-answer-too-large', 'The vendor sent a single record of more than 2 MB.');
  }
}

/**
 * Parses a vendor's answer by its shape, never by its content type (V10): at most 64 levels deep, at most 2 MB per
 * record, integers beyond 2^53 refused where they are ids, prototype keys dropped. Text is made well-formed here, once: event,
 * record and history then hold the same. Errors never repeat the text (N8).
 * @throws VendorError `vendor-answer-unreadable` or `vendor-answer-too-large`.
 */
export function parseVendorJson(text: string, { recordDepth = 2 }: JsonOptions = {}): unknown {
  const root = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  clean(root, '', 0);
  checkRecordSize(root, text.length, recordDepth);
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

/** The value's own text, null for anything that is no text or empty. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
