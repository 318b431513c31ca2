import type { Page } from '@rollcall/contracts';

import type { Rest } from '../e2e/rest.js';

interface Item {
  readonly id: string;
}

/** As lists have it: people fields are named by their variable. */
type Listed = Item | { readonly variable: string };

const named = (item: Listed): Item => ('id' in item ? item : { ...item, id: item.variable });

/** How to find what a path is about, where the list beside it does not tell. */
type IdSource = (walk: ReadableApi) => Promise<readonly string[]>;

const sources: Readonly<Record<string, IdSource>> = {
  // There is no list of all accounts: they are found with their people, and under their applications.
  '/accounts': async (walk) => {
    const people = await walk.idsOf('/people');
    const apps = await walk.idsOf('/saas-apps');
    const lists = [...people.map((id) => `/people/${id}/accounts`), ...apps.map((id) => `/saas-apps/${id}/users`)];
    return (await Promise.all(lists.map((path) => walk.list(path)))).flat().map(({ id }) => id);
  },
  // Only a request that took long has one, and nothing lists them.
  '/operations': async () => [],
};

interface Described {
  readonly responses?: Record<string, { readonly content?: object }>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

/** Some are for people who are signed in and for no key. */
const isForKeys = (get: Described | undefined): boolean =>
  get?.security === undefined || get.security.length === 0 || get.security.some((way) => !('session' in way));

const isDocument = (get: Described | undefined): boolean =>
  'application/json' in (get?.responses?.['200']?.content ?? {});

/** Reads all that an installation shows, along its own description: whatever can be asked for is asked for. */
export class ReadableApi {
  /** Requests by path of the description, and how many were answered. */
  readonly read = new Map<string, number>();
  readonly refused: string[] = [];
  private readonly lists = new Map<string, Promise<readonly Item[]>>();

  constructor(private readonly rest: Rest) {}

  async readAll(): Promise<void> {
    const { body } = await this.rest.request<{ paths: Record<string, { get?: Described }> }>('GET', '/openapi.json');
    // What is no JSON document, such as JSON lines or the way to an identity provider, shows nothing else than a list does.
    const described = Object.entries(body.paths).filter(([, { get }]) => isDocument(get) && isForKeys(get));
    for (const [path] of described) await this.readEach(path.replace('/api/v1', ''));
  }

  /** The path once for each thing that it may be about. */
  private async readEach(path: string): Promise<void> {
    const place = path.indexOf('/{');
    if (place < 0) return this.readOne(path, path);
    const ids = new Set(await this.idsOf(path.slice(0, place)));
    for (const id of ids) {
      if (!(await this.concerns(path, id))) continue;
      await this.readOne(path, path.replace(/\{[^}]+\}/, encodeURIComponent(id)));
    }
  }

  /** Previews have what other runs have not. */
  private async concerns(path: string, id: string): Promise<boolean> {
    if (!path.includes('/preview')) return true;
    const runs = (await this.list('/runs')) as readonly (Item & { scope: string })[];
    return runs.some((run) => run.id === id && run.scope === 'preview');
  }

  private async readOne(described: string, path: string): Promise<void> {
    const { status, body } = await this.rest.request<object>('GET', path);
    this.read.set(described, (this.read.get(described) ?? 0) + 1);
    if (status !== 200) this.refused.push(`${path}: ${status} ${JSON.stringify(body)}`);
  }

  async idsOf(path: string): Promise<readonly string[]> {
    const source = sources[path];
    return source ? source(this) : (await this.list(path)).map(({ id }) => id);
  }

  /** All pages of a list. */
  list(path: string): Promise<readonly Item[]> {
    if (!this.lists.has(path)) this.lists.set(path, this.allPages(path));
    return this.lists.get(path)!;
  }

  private async allPages(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let next: string | null | undefined = ''; next !== null && next !== undefined;) {
      const query: string = next === '' ? '' : `?cursor=${encodeURIComponent(next)}`;
      const { status, body } = await this.rest.request<Partial<Page<Listed>>>('GET', `${path}${query}`);
      if (status !== 200) {
        this.refused.push(`${path}${query}: ${status} ${JSON.stringify(body)}`);
        break;
      }
      items.push(...(body.items ?? []).map(named));
      next = body.page?.next;
    }
    return items;
  }
}
