import { Inject, Injectable } from '@nestjs/common';
import {
  type AuditDocument,
  auditEvents,
  Databases,
  type ErasureSubject,
  Redaction,
  sealOf,
} from '@rollcall/collections';
import { type AuditedChange, erasedText } from '@rollcall/contracts';
import { INFRASTRUCTURE, type Infrastructure, type PersonalTraces } from '@rollcall/service';
import type { Collection, Filter } from 'mongodb';

import { auditDigestOf, contentOf, entryOf } from '../audit/audit-entries.js';

type Told = Pick<AuditDocument, 'object' | 'changes'>;

/** Old and new values of a person in the audit. Who did what and when stays, and the chain still holds. */
@Injectable()
export class AuditTraces implements PersonalTraces {
  private readonly events: Collection<AuditDocument>;

  constructor(
    private readonly databases: Databases,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
  ) {
    this.events = databases.collection(auditEvents);
  }

  async erase(subject: ErasureSubject): Promise<void> {
    const redaction = new Redaction(inPaths(subject));
    const accounts = inPaths(subject).accounts.map(({ from }) => from);
    const about = [...subject.people, ...accounts, ...inPaths(subject).accounts.map(({ to }) => to)];
    const concerned: Filter<AuditDocument> = {
      $or: [{ 'changes.0': { $exists: true } }, { object: { $regex: about.map(escaped).join('|') } }],
    };
    for await (const entry of this.events.find(concerned)) {
      const isAbout = about.some((id) => entry.object.split('/').includes(id));
      const after = {
        object: redaction.of(entry.object),
        changes: entry.changes?.map((change) => withoutPerson(change, redaction, isAbout)) ?? null,
      };
      if (JSON.stringify(after) !== JSON.stringify(toldBy(entry))) await this.replace(entry, after);
    }
  }

  /** An outcome that is noted meanwhile stays as it is, and is met again: this service confirms only when all is done. */
  private async replace(entry: AuditDocument, after: Told): Promise<void> {
    const document = { ...entry, ...after };
    const digest = auditDigestOf(this.infrastructure.signing);
    const sealed = (link: AuditDocument['link'], isOutcome: boolean) =>
      link === undefined ? null : sealOf(link, contentOf(entryOf(document, isOutcome)), digest);
    const redacted = {
      at: this.databases.time(),
      asked: sealed(entry.link, false),
      ended: sealed(entry.endLink, true),
    };
    const { matchedCount } = await this.events.updateOne(
      { _id: entry._id, status: entry.status },
      { $set: { ...after, redacted } },
    );
    if (matchedCount === 0) throw new Error(`audit entry ${entry._id} changed while a person was taken out of it`);
  }
}

const toldBy = ({ object, changes = null }: AuditDocument): Told => ({ object, changes });

/**
 * Each value by itself: as `to` of a document it would be the recipient of a mail. Of what is about the person every value
 * goes, whatever it is: numbers and lists as well.
 */
function withoutPerson({ pointer, from, to }: AuditedChange, redaction: Redaction, isAbout: boolean): AuditedChange {
  const without = (value: unknown): unknown => (isAbout ? erased(value) : redaction.of(value));
  return { pointer: redaction.of(pointer, isAbout), from: without(from), to: without(to) };
}

const erased = (value: unknown): unknown => (value === null || typeof value === 'boolean' ? value : erasedText);

/** In paths of requests, ids stand as URLs write them. */
function inPaths(subject: ErasureSubject): ErasureSubject {
  const encoded = subject.accounts.flatMap((account) => {
    const { integration, vendorId, to } = account;
    const forms = [encodeURIComponent(account.from), `${integration}:${encodeURIComponent(vendorId)}`];
    return forms.map((from) => ({ ...account, from, to: from.includes('%3A') ? encodeURIComponent(to) : to }));
  });
  return { ...subject, accounts: [...subject.accounts, ...encoded] };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
