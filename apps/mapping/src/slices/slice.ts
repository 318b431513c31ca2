import { hash as digest } from 'node:crypto';

import {
  pageAskedHeader,
  type RawMessage,
  type RawMessageOf,
  rawMessageSchema,
  type RawUser,
} from '@rollcall/contracts';
import type { ConsumedMessage, Refusal } from '@rollcall/messaging';

export interface RecordsMessage {
  readonly offset: number;
  /** Epoch milliseconds when the page was asked for (header `t`). */
  readonly askedAt: number;
  readonly users: readonly RawUser[];
  readonly source: ConsumedMessage;
}

interface SliceRange {
  readonly first: { readonly offset: number; readonly digest: string };
  readonly last: { readonly offset: number; readonly digest: string };
}

/** Whole messages of one integration up to 1000 users (B1). */
export interface RecordsSlice extends SliceRange {
  readonly kind: 'records';
  readonly integration: string;
  readonly generation: number;
  readonly run: string;
  readonly messages: readonly RecordsMessage[];
}

export interface ControlSlice extends SliceRange {
  readonly kind: 'control';
  readonly message: RawMessageOf<'start' | 'end' | 'abort' | 'sweep' | 'undo'>;
  readonly source: ConsumedMessage;
}

/** A message that cannot be decoded (B6). */
export interface PoisonSlice extends SliceRange {
  readonly kind: 'poison';
  readonly message: ConsumedMessage;
  /** Key of the message; null = every integration of the partition is in doubt. */
  readonly integration: string | null;
  readonly reason: string;
}

/** A message that somebody else than sync-runner wrote. */
export interface RefusedMessage extends ConsumedMessage {
  readonly refusal: Refusal;
}

/** Neighbouring messages that nobody may act on; the position passes over them, and nothing else happens. */
export interface RefusedSlice extends SliceRange {
  readonly kind: 'refused';
  readonly messages: readonly RefusedMessage[];
}

export type Slice = RecordsSlice | ControlSlice | PoisonSlice | RefusedSlice;

export const usersPerSlice = 1000;
/** Bounds what one publication of dead letters holds. */
const refusedPerSlice = 500;

/** Digest of a message's bytes, kept with the position to recognise the topic again (B2). */
export function digestOf(message: ConsumedMessage): string {
  return digest('sha256', message.value ?? '', 'base64url');
}

function markOf(message: ConsumedMessage): SliceRange['first'] {
  return { offset: message.offset, digest: digestOf(message) };
}

/** Cuts messages into slices, in order. Never waits to fill one up (B1). */
export function* cutSlices(messages: readonly ConsumedMessage[]): Generator<Slice> {
  for (let first = 0; first < messages.length;) {
    const end = endOfKind(messages, first);
    const kind = messages.slice(first, end);
    if (isRefused(kind[0]!)) yield refusedSlice(kind.filter(isRefused));
    else yield* cutAccepted(kind);
    first = end;
  }
}

function isRefused(message: ConsumedMessage): message is RefusedMessage {
  return message.refusal !== undefined;
}

/** End of the neighbours that are refused, or are not, like the first one. */
function endOfKind(messages: readonly ConsumedMessage[], first: number): number {
  const refused = isRefused(messages[first]!);
  const limit = refused ? Math.min(messages.length, first + refusedPerSlice) : messages.length;
  let end = first + 1;
  while (end < limit && isRefused(messages[end]!) === refused) end += 1;
  return end;
}

function refusedSlice(messages: readonly RefusedMessage[]): RefusedSlice {
  return { kind: 'refused', messages, first: markOf(messages[0]!), last: markOf(messages.at(-1)!) };
}

function* cutAccepted(messages: readonly ConsumedMessage[]): Generator<Slice> {
  let open: OpenSlice | null = null;
  for (const message of messages) {
    const decoded = decode(message);
    if (typeof decoded === 'string' || decoded.k !== 'records') {
      if (open) yield open.close();
      open = null;
      yield typeof decoded === 'string' ? poison(message, decoded) : control(message, decoded);
      continue;
    }
    if (open && !open.takes(decoded)) {
      yield open.close();
      open = null;
    }
    open ??= new OpenSlice(message, decoded);
    open.add(message, decoded);
  }
  if (open) yield open.close();
}

class OpenSlice {
  private readonly messages: RecordsMessage[] = [];
  private users = 0;
  private last: ConsumedMessage;

  constructor(
    private readonly first: ConsumedMessage,
    private readonly head: RawMessageOf<'records'>,
  ) {
    this.last = first;
  }

  takes(records: RawMessageOf<'records'>): boolean {
    return (
      records.i === this.head.i &&
      records.g === this.head.g &&
      records.r === this.head.r &&
      this.users > 0 &&
      this.users + records.u.length <= usersPerSlice
    );
  }

  add(message: ConsumedMessage, records: RawMessageOf<'records'>): void {
    this.messages.push({
      offset: message.offset,
      askedAt: Number(message.headers[pageAskedHeader]),
      users: records.u,
      source: message,
    });
    this.users += records.u.length;
    this.last = message;
  }

  close(): RecordsSlice {
    const first = markOf(this.first);
    const last = this.last === this.first ? first : markOf(this.last);
    const { i, g, r } = this.head;
    return { kind: 'records', integration: i, generation: g, run: r, messages: this.messages, first, last };
  }
}

function control(message: ConsumedMessage, decoded: ControlSlice['message']): ControlSlice {
  const at = markOf(message);
  return { kind: 'control', message: decoded, source: message, first: at, last: at };
}

function poison(message: ConsumedMessage, reason: string): PoisonSlice {
  const at = markOf(message);
  return { kind: 'poison', message, integration: message.key, reason, first: at, last: at };
}

/** The message, or why it is none. */
function decode(message: ConsumedMessage): RawMessage | string {
  const decoded = decodeValue(message);
  if (typeof decoded === 'string' || decoded.i === message.key) return decoded;
  return 'its key is not the integration that it names';
}

/** Records are checked by hand: a schema over every user costs more than mapping it. */
function decodeValue(message: ConsumedMessage): RawMessage | string {
  if (message.unreadable) return `the batch could not be read: ${message.unreadable.reason}`;
  if (message.value === null) return 'the message has no value';
  let parsed: unknown;
  try {
    parsed = JSON.parse(message.value.toString('utf8'));
  } catch {
    return 'the value is not JSON';
  }
  if (isRecords(parsed)) {
    return Number(message.headers[pageAskedHeader]) > 0 ? parsed : 'the header with the page time is missing';
  }
  const checked = rawMessageSchema.safeParse(parsed);
  return checked.success ? checked.data : 'the value is not a message of raw-records';
}

function isRecords(value: unknown): value is RawMessageOf<'records'> {
  if (typeof value !== 'object' || value === null) return false;
  const { k, i, g, r, u } = value as Record<string, unknown>;
  return (
    k === 'records' &&
    typeof i === 'string' &&
    Number.isSafeInteger(g) &&
    typeof r === 'string' &&
    Array.isArray(u) &&
    u.length > 0 &&
    u.every(isUser)
  );
}

const statuses = new Set(['active', 'inactive', 'unknown']);

function isUser(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const user = value as Record<string, unknown>;
  return (
    typeof user['id'] === 'string' &&
    user['id'] !== '' &&
    statuses.has(user['status'] as string) &&
    typeof user['administrator'] === 'boolean' &&
    isTextOrNull(user['username']) &&
    isTextOrNull(user['lastActivityAt']) &&
    typeof user['role'] === 'object' &&
    typeof user['raw'] === 'object' &&
    user['raw'] !== null
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
