import { erasedText } from '@rollcall/contracts';

import type { ErasureSubject } from '../mapping/erasures.js';

/** Shorter texts are only recognised where they are a whole value: "Al" is part of too many words. */
const shortestInText = 3;
/** In what is about somebody, an id of theirs is looked for even if it may be a number of something else. */
const shortestId = 2;

/** Addressed to somebody, and not about them: contacts and operators are removed where they are set up. */
const addressed: ReadonlySet<string> = new Set(['contact', 'contacts', '_id']);
const vendorIdKeys: ReadonlySet<string> = new Set(['id', 'vendorId']);

/**
 * Takes one person out of documents. Texts that name them are replaced wherever they stand; other values they had only in
 * what is about them, because other people have the same department.
 */
export class Redaction {
  private readonly replacements = new Map<string, string>();
  /** Vendor ids, which mean somebody only within their integration. */
  private readonly vendorIds = new Map<string, string>();
  private readonly people: ReadonlySet<string>;
  private readonly names: RegExp | null;
  private readonly all: RegExp | null;
  private readonly wholeValues: ReadonlySet<string>;

  /** @param integration that the documents belong to; null where they may belong to any */
  constructor(subject: ErasureSubject, integration: string | null = null) {
    for (const account of subject.accounts) {
      this.replacements.set(account.from, account.to);
      if (account.integration === integration) this.vendorIds.set(account.vendorId, vendorPartOf(account));
    }
    for (const name of subject.names) if (!this.replacements.has(name)) this.replacements.set(name, erasedText);
    this.people = new Set(subject.people);
    const ids = subject.accounts.map(({ from }) => from);
    this.names = patternOf([...ids, ...subject.names]);
    const others = [...this.vendorIds.keys()].filter((id) => id.length >= shortestId);
    this.all = patternOf([...ids, ...subject.names, ...subject.values], others);
    this.wholeValues = new Set(subject.values);
  }

  /** The value without the person; the very same value where it does not concern them. */
  of<Value>(value: Value, isAbout = false): Value {
    return this.redacted(value, isAbout) as Value;
  }

  /** Whether an object says itself that it is about the person: by their id, one of their accounts, or as an example of a group. */
  isAbout(value: object): boolean {
    return Object.entries(value).some(([key, one]) => this.points(key, one));
  }

  private points(key: string, value: unknown): boolean {
    if (Array.isArray(value)) return key === 'samples' && value.some((one) => this.isNamed(one));
    if (typeof value !== 'string') return false;
    return this.people.has(value) || this.isAccount(value) || (vendorIdKeys.has(key) && this.vendorIds.has(value));
  }

  private isAccount(text: string): boolean {
    const to = this.replacements.get(text);
    return to !== undefined && to !== erasedText;
  }

  private isNamed(value: unknown): boolean {
    return typeof value === 'string' && (this.replacements.has(value) || this.vendorIds.has(value));
  }

  private redacted(value: unknown, isAbout: boolean): unknown {
    if (typeof value === 'string') return this.text(value, isAbout);
    if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
    if (Array.isArray(value)) {
      const after = value.map((one) => this.redacted(one, isAbout));
      return after.every((one, index) => one === value[index]) ? value : after;
    }
    const about = isAbout || this.isAbout(value);
    const entries = Object.entries(value);
    const after = entries.map(([key, one]): [string, unknown] => [
      this.text(key, false),
      isAddressed(key, one) ? one : this.redacted(one, about),
    ]);
    const isSame = after.every(([key, one], index) => key === entries[index]![0] && one === entries[index]![1]);
    return isSame ? value : Object.fromEntries(after);
  }

  private text(text: string, isAbout: boolean): string {
    const whole = this.vendorIds.get(text) ?? this.replacements.get(text);
    if (whole !== undefined) return whole;
    if (isAbout && this.wholeValues.has(text)) return erasedText;
    const pattern = isAbout ? this.all : this.names;
    if (pattern === null) return text;
    return text.replace(pattern, (found) => this.replacements.get(found) ?? this.vendorIds.get(found) ?? erasedText);
  }
}

/** `erased-…`, as it stands in the account's new id. */
export function vendorPartOf({ to, integration }: { readonly to: string; readonly integration: string }): string {
  return to.slice(integration.length + 1);
}

/** `to` is the recipient of a mail, and anywhere else a value. */
function isAddressed(key: string, value: unknown): boolean {
  return addressed.has(key) || (key === 'to' && typeof value === 'object' && value !== null && 'email' in value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** Finds any of the texts, whatever their case, where no word goes on at either end. The longest wins. */
function patternOf(texts: readonly string[], ids: readonly string[] = []): RegExp | null {
  const found = [...new Set([...texts.filter((text) => [...text].length >= shortestInText), ...ids])];
  if (found.length === 0) return null;
  const alternatives = found.sort((a, b) => b.length - a.length).map(bounded);
  return new RegExp(alternatives.join('|'), 'giu');
}

function bounded(text: string): string {
  const characters = [...text];
  const before = wordCharacter.test(characters[0]!) ? String.raw`(?<![\p{L}\p{N}_])` : '';
  const after = wordCharacter.test(characters.at(-1)!) ? String.raw`(?![\p{L}\p{N}_])` : '';
  return before + text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`) + after;
}
