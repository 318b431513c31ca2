import type { AuditDocument, ChainContent, ChainDigest } from '@rollcall/collections';
import type { ServiceSigning } from '@rollcall/messaging';

import type { AuditOutcome } from './audit.repository.js';

/** What somebody asked for, or what became of it: both are entries of the chain. */
export type AuditEntry =
  | { readonly kind: 'asked'; readonly document: AuditDocument }
  | { readonly kind: 'ended'; readonly id: string; readonly outcome: AuditOutcome };

/** Entries are hashed with the installation's key, so that nobody who only has the database can make one. */
export const auditDigestOf =
  ({ digest }: Pick<ServiceSigning, 'digest'>): ChainDigest =>
  (...parts) =>
    digest('rollcall audit v1', ...parts);

/** Every value of an entry. */
export function contentOf(entry: AuditEntry): ChainContent {
  if (entry.kind === 'asked') {
    const { _id, at, actor, operation, command, requestId, address = '' } = entry.document;
    const object = askedObject(entry.document);
    return { at, parts: ['asked', _id, actor, operation, object, command ?? '', requestId, address] };
  }
  const { status, made, changes, endedAt } = entry.outcome;
  return { at: endedAt, parts: ['ended', entry.id, String(status), made ?? '', JSON.stringify(changes)] };
}

/** The path that was asked for; what was made is known at the end only. */
const askedObject = ({ object, made }: AuditDocument): string =>
  made !== undefined && made !== null && object.endsWith(`/${made}`) ? object.slice(0, -made.length - 1) : object;

/** The entry that a stored document holds. */
export function entryOf(document: AuditDocument, isOutcome: boolean): AuditEntry {
  if (!isOutcome) return { kind: 'asked', document };
  const { _id: id, status, object, made = null, changes = null, endedAt = document.at } = document;
  return { kind: 'ended', id, outcome: { status, object, made, changes, endedAt } };
}
