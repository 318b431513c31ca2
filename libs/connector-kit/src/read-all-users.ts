import { type RawUser } from '@rollcall/contracts';

import { type Connector, type ConnectorContext, type UserPage } from './connector.js';
import { SeenIds } from './seen-ids.js';
import { VendorError, type VendorErrorCode } from './vendor-error.js';

/** An id that came twice with different content (V15): a record error of that user, the others are fine. */
export interface DuplicateUser {
  readonly id: string;
  readonly username: string | null;
  /** Page, counted from 1, on which the second, dropped, record stood. */
  readonly page: number;
}

/** What a complete read proved (A10, evidence a to c). */
export interface ReadSummary {
  readonly distinct: number;
  readonly pages: number;
  /** Total that the vendor stated on every page, null where it states none. */
  readonly total: number | null;
  readonly duplicates: readonly DuplicateUser[];
}

export interface ReadOptions {
  /** Hard cap against listings without end (V13). */
  readonly maxPages?: number;
}

const longestId = 512;
/** Failures of one page or record, which people look for at the vendor. */
const locatedCodes: ReadonlySet<VendorErrorCode> = new Set(['vendor-record-unusable', 'vendor-answer-unreadable']);
/** More than one user in twenty without a readable status means that the vendor's field went away (V26). */
const unknownShare = 20;

/** Reasons after which the same listing may well succeed when read again from the start (V11, V14). */
const refetchCodes: ReadonlySet<VendorErrorCode> = new Set([
  'read-total-moved',
  'read-count-mismatch',
  'read-cursor-expired',
]);

/** True when sync-runner may read the listing again under a new generation (A5). */
export function isWorthRefetching(error: unknown): boolean {
  return error instanceof VendorError && refetchCodes.has(error.code);
}

class ListingCheck {
  readonly duplicates: DuplicateUser[] = [];
  pages = 0;
  total: number | null = null;
  isFinished = false;
  private unknown = 0;
  private repeated = 0;
  private readonly ids = new SeenIds();
  private readonly digests = new Set<string>();

  constructor(
    private readonly vendor: string,
    private readonly statesTotal: boolean,
    private readonly maxPages: number,
  ) {}

  get distinct(): number {
    return this.ids.size;
  }

  /** Checks one page and folds users that came before. */
  page(page: UserPage): UserPage {
    this.pages += 1;
    if (this.pages > this.maxPages) {
      this.fail('read-too-many-pages', `${this.vendor} gave more than ${this.maxPages} pages without an end.`);
    }
    this.checkTotal(page.total);
    if (this.digests.has(page.digest)) {
      this.fail('read-page-repeated', `${this.vendor} gave the same page again as page ${this.pages}.`);
    }
    this.digests.add(page.digest);
    if (page.users.length === 0 && !page.last) {
      this.fail(
        'read-empty-page',
        `${this.vendor} gave an empty page ${this.pages}, although more users should follow.`,
      );
    }
    this.isFinished = page.last;
    const fresh = page.users.filter((user, index) => this.isFresh(user, index + 1));
    return fresh.length === page.users.length ? page : { ...page, users: fresh };
  }

  end(): ReadSummary {
    if (!this.isFinished) {
      this.fail('read-not-finished', `The listing of ${this.vendor} ended without the mark of its last page.`);
    }
    if (this.total !== null && this.total !== this.distinct) {
      this.fail(
        'read-count-mismatch',
        `${this.vendor} states ${this.total} users, but ${this.distinct} different ones were listed.`,
      );
    }
    if (this.total === null && this.repeated > 0) {
      this.fail(
        'read-count-mismatch',
        `${this.vendor} listed ${this.repeated} users twice and states no total, so some may have been left out.`,
      );
    }
    if (this.unknown * unknownShare > this.distinct) {
      this.fail(
        'read-status-unknown',
        `${this.unknown} of ${this.distinct} users of ${this.vendor} came without a status that can be read.`,
      );
    }
    const { distinct, pages, total, duplicates } = this;
    return { distinct, pages, total, duplicates };
  }

  private checkTotal(total: number | null): void {
    if (total === null && this.statesTotal) {
      this.fail('vendor-answer-unexpected', `${this.vendor} left out its total on page ${this.pages}.`);
    }
    if (this.pages === 1) this.total = total;
    if (total !== this.total) {
      this.fail(
        'read-total-moved',
        `The total of ${this.vendor} changed from ${this.total} to ${total} while its pages were read.`,
      );
    }
  }

  /** Where an answer went wrong, for whoever looks for the record at the vendor. */
  located(error: unknown): unknown {
    if (!(error instanceof VendorError) || !locatedCodes.has(error.code)) return error;
    const { code, message, retriable, details } = error;
    const page = this.pages + 1;
    const record = typeof details['record'] === 'number' ? `record ${details['record']} of ` : '';
    return new VendorError(code, `${message} It was ${record}page ${page} of the list.`, {
      retriable,
      details: { ...details, page },
    });
  }

  private isFresh(user: RawUser, record: number): boolean {
    if (typeof user.id !== 'string' || user.id === '' || user.id.length > longestId) {
      const size = `An id has 1 to ${longestId} characters.`;
      this.fail(
        'vendor-record-unusable',
        `Record ${record} of page ${this.pages} of ${this.vendor} has no id that can be used. ${size}`,
      );
    }
    const sighting = this.ids.add(user.id, JSON.stringify(user.raw));
    if (sighting === 'new') {
      // A record that could not be taken says nothing about the field that holds the status.
      if (user.status === 'unknown' && user.problem === undefined) this.unknown += 1;
      return true;
    }
    this.repeated += 1;
    if (sighting === 'different') this.duplicates.push({ id: user.id, username: user.username, page: this.pages });
    return false;
  }

  private fail(code: VendorErrorCode, message: string): never {
    throw new VendorError(code, message, { retriable: refetchCodes.has(code), details: { page: this.pages } });
  }
}

async function* locatedPages(pages: AsyncIterable<UserPage>, check: ListingCheck): AsyncGenerator<UserPage> {
  try {
    yield* pages;
  } catch (error) {
    throw check.located(error);
  }
}

/**
 * Reads a whole listing and vouches for it: every page is yielded as it comes, users seen before are folded away, and
 * the summary is returned only after evidence (a) to (c) of a complete read held. Memory grows by 12 to 40 bytes per
 * user and one digest per page.
 * @throws VendorError with the named reason: the connector's own, or one of `read-*`.
 */
export async function* readAllUsers(
  connector: Connector,
  context: ConnectorContext,
  { maxPages = 10_000 }: ReadOptions = {},
): AsyncGenerator<UserPage, ReadSummary, undefined> {
  const { name, capabilities } = connector.manifest;
  const check = new ListingCheck(name, capabilities.statesTotal, maxPages);
  for await (const page of locatedPages(connector.listUsers(context), check)) {
    yield check.page(page);
    if (page.last) break;
  }
  return check.end();
}
