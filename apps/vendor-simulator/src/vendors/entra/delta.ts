import { z } from 'zod';

import type { Account } from '../../company/account.js';
import type { Directory } from '../../company/directory.js';
import type { Reply, VendorRequest } from '../vendor.js';
import { guid } from './account-shape.js';
import type { EntraContext } from './credentials.js';
import { type Selection, selectionOf } from './list-request.js';
import { contextOf } from './listing.js';
import { decodeToken, encodeToken } from './page-token.js';
import { project } from './projection.js';
import { badRequest, GraphRefusal, graphText, type Trace } from './replies.js';

const PAGE_SIZE = 100;
const LARGEST_PAGE_SIZE = 999;
const MOST_FILTER_IDS = 50;
const TOKEN_LIFE_MS = 7 * 86_400_000;
/** Each keeps the directory's texts as they were, so only the latest are kept. */
const MOST_ROUNDS = 20;
/** In place of a token: begin now, tell nobody. */
const LATEST = 'latest';

const placeSchema = z.object({ round: z.string(), offset: z.int().min(0) });
const roundTokenSchema = z.object({ round: z.string() });

/** A way through the changes: what it tells, and what the directory was when it began. */
interface Round {
  readonly startedMs: number;
  readonly selection: Selection;
  readonly ids: ReadonlySet<string> | null;
  readonly isMinimal: boolean;
  readonly entries: readonly Entry[];
  /** Stored text by id, to be compared with in the next round. */
  readonly before: ReadonlyMap<string, string>;
}

/** A user to tell about: removed, new (no text before), or changed. */
type Entry =
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'present'; readonly account: Account; readonly was: string | null };

/** `GET /users/delta`: everybody first, later only what changed since the round that a token names. */
export class Delta {
  private readonly rounds = new Map<string, Round>();

  constructor(private readonly context: EntraContext) {}

  /** @throws GraphRefusal, 410 for a token that is too old or unknown */
  answer(request: VendorRequest, trace: Trace): Reply {
    const { query } = request;
    const skip = query.get('$skiptoken');
    if (skip !== null) {
      const place = decodeToken(placeSchema, skip);
      return this.page(request, trace, place?.round ?? '', place?.offset ?? 0);
    }
    const token = query.get('$deltatoken');
    return this.page(request, trace, this.begin(request, token), 0);
  }

  /** Notes where a new round stands and what it will tell; answers its name. */
  private begin(request: VendorRequest, token: string | null): string {
    const { directory, random } = this.context;
    const base = this.baseOf(request, token);
    const selection = base?.selection ?? selectionOf(request.query);
    const ids = base ? base.ids : idsOf(request.query.get('$filter'));
    const name = guid(random);
    this.rounds.set(name, {
      startedMs: this.context.now(),
      selection,
      ids,
      isMinimal: base !== null && /(^|[,;\s])return=minimal\b/i.test(request.header('prefer') ?? ''),
      entries: token === LATEST ? [] : entriesOf(directory, base, ids, selection),
      before: new Map(directory.accounts.map(({ id, json }) => [id, json])),
    });
    this.forgetOldest();
    return name;
  }

  private baseOf(request: VendorRequest, token: string | null): Round | null {
    if (token === null || token === LATEST) return null;
    return this.find(request, decodeToken(roundTokenSchema, token)?.round ?? '');
  }

  private forgetOldest(): void {
    const [oldest] = this.rounds.keys();
    if (this.rounds.size > MOST_ROUNDS && oldest !== undefined) this.rounds.delete(oldest);
  }

  private find(request: VendorRequest, name: string): Round {
    const round = this.rounds.get(name);
    if (round && this.context.now() - round.startedMs < TOKEN_LIFE_MS) return round;
    const location = `${this.context.origin(request)}/v1.0/users/delta`;
    const message = 'The sync state is not known any more. Start a full synchronization.';
    throw new GraphRefusal(410, 'syncStateNotFound', message, { location });
  }

  private page(request: VendorRequest, trace: Trace, name: string, offset: number): Reply {
    const round = this.find(request, name);
    const origin = this.context.origin(request);
    const end = offset + pageSizeOf(request);
    const texts = round.entries.slice(offset, end).map((entry) => entryText(entry, round));
    const link =
      end < round.entries.length
        ? ['@odata.nextLink', `$skiptoken=${encodeToken({ round: name, offset: end })}`]
        : ['@odata.deltaLink', `$deltatoken=${encodeToken({ round: name })}`];
    const members = [
      `"@odata.context":${JSON.stringify(contextOf(origin, round.selection))}`,
      `"${link[0]}":${JSON.stringify(`${origin}/v1.0/users/delta?${link[1]}`)}`,
      `"value":[${texts.join(',')}]`,
    ];
    return graphText(trace, `{${members.join(',')}}`);
  }
}

function pageSizeOf(request: VendorRequest): number {
  const asked = /odata\.maxpagesize=(\d+)/i.exec(request.header('prefer') ?? '')?.[1];
  const size = Number(asked ?? PAGE_SIZE);
  return Math.min(Math.max(size, 1), LARGEST_PAGE_SIZE);
}

const ID_CLAUSE = /^\s*id\s+eq\s+'([^']+)'\s*$/i;

/** Only `id eq '…' or id eq '…'`, at most fifty; null: everybody. */
function idsOf(filter: string | null): ReadonlySet<string> | null {
  if (filter === null) return null;
  const ids = filter.split(/\bor\b/i).map((clause) => ID_CLAUSE.exec(clause)?.[1]);
  if (ids.length > MOST_FILTER_IDS || ids.includes(undefined)) {
    throw badRequest(`The delta query takes no filter but id eq '…', joined by or, at most ${MOST_FILTER_IDS}.`);
  }
  return new Set(ids as string[]);
}

/** Always told, whether it is selected or not. */
const withId = ({ properties }: Selection): string[] => [...new Set(['id', ...properties])];

function entriesOf(
  directory: Directory,
  base: Round | null,
  ids: ReadonlySet<string> | null,
  selection: Selection,
): Entry[] {
  const accounts = directory.sortedById().filter(({ id }) => ids?.has(id) ?? true);
  if (!base) return accounts.map((account) => ({ kind: 'present', account, was: null }));
  const properties = withId(selection);
  const changed = accounts.flatMap((account): Entry[] => {
    const was = base.before.get(account.id) ?? null;
    const isSame = was !== null && project(was, properties) === project(account.json, properties);
    return isSame ? [] : [{ kind: 'present', account, was }];
  });
  const gone = [...base.before.keys()].filter((id) => (ids?.has(id) ?? true) && !directory.find(id));
  return [...changed, ...gone.map((id): Entry => ({ kind: 'removed', id }))];
}

function entryText(entry: Entry, { selection, isMinimal }: Round): string {
  // Deleted users can be restored for thirty days, so "changed" and not "deleted" is what is said of them.
  if (entry.kind === 'removed') return JSON.stringify({ id: entry.id, '@removed': { reason: 'changed' } });
  const now = project(entry.account.json, withId(selection));
  if (!isMinimal || entry.was === null) return now;
  const [before, after] = [entry.was, entry.account.json].map((json) => properties(project(json, withId(selection))));
  const changed = Object.entries(after ?? {}).filter(
    ([name, value]) => name === 'id' || JSON.stringify(value) !== JSON.stringify(before?.[name]),
  );
  return JSON.stringify(Object.fromEntries(changed));
}

const properties = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
