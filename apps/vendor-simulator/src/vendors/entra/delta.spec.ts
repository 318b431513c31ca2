import { describe, expect, it } from '@jest/globals';

import { loadCompany } from '../../company/load-company.js';
import { Random } from '../../company/random.js';
import { accountShapes } from '../index.js';
import type { Reply } from '../vendor.js';
import { Delta } from './delta.js';
import { entra } from './index.js';
import { GraphRefusal } from './replies.js';

type Entry = Record<string, unknown> & { id: string };
interface Page {
  '@odata.context': string;
  '@odata.nextLink'?: string;
  '@odata.deltaLink'?: string;
  value: Entry[];
}

const origin = 'http://graph.test';
const trace = { requestId: 'r', clientRequestId: 'c', nowMs: 0 };

function bench(users = 250) {
  const { company, recruiter } = loadCompany('test', users, accountShapes(['entra']));
  const directory = company.directory('entra');
  const time = { nowMs: Date.UTC(2026, 2, 2) };
  const delta = new Delta({
    directory,
    clock: company.clock,
    random: new Random('test'),
    credentials: entra.defaultCredentials,
    now: () => time.nowMs,
    tokenLifeSeconds: () => 3599,
    origin: () => origin,
  });
  const ask = (url: string, prefer?: string): Page => {
    const { pathname: path, searchParams: query } = new URL(url, origin);
    const header = (name: string) => (name === 'prefer' ? prefer : undefined);
    const reply: Reply = delta.answer({ method: 'GET', path, query, target: url, body: '', header }, trace);
    return JSON.parse(reply.body) as Page;
  };
  /** All entries of a round, and the link for the next. */
  const round = (url: string, prefer?: string) => {
    const pages = [ask(url, prefer)];
    for (let next = pages[0]?.['@odata.nextLink']; next; next = pages.at(-1)?.['@odata.nextLink']) {
      pages.push(ask(next, prefer));
    }
    return { pages, entries: pages.flatMap(({ value }) => value), link: pages.at(-1)?.['@odata.deltaLink'] ?? '' };
  };
  return { company, recruiter, directory, time, ask, round };
}

const start = '/v1.0/users/delta?$select=displayName,department';

function failureOf(work: () => unknown): GraphRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof GraphRefusal) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('the delta query', () => {
  it('begins with everybody, in pages, each with the id besides the selected properties', () => {
    const { round, directory } = bench();
    const { pages, entries, link } = round(start);
    expect(pages.map(({ value }) => value.length)).toEqual([100, 100, 50]);
    expect(pages[0]?.['@odata.nextLink']).toMatch(/^http:\/\/graph\.test\/v1\.0\/users\/delta\?\$skiptoken=/);
    expect(pages[0]).not.toHaveProperty(['@odata.deltaLink']);
    expect(pages[2]).not.toHaveProperty(['@odata.nextLink']);
    expect(link).toMatch(/^http:\/\/graph\.test\/v1\.0\/users\/delta\?\$deltatoken=/);
    expect(new Set(entries.map(({ id }) => id))).toEqual(new Set(directory.accounts.map(({ id }) => id)));
    expect(Object.keys(entries[0] ?? {})).toEqual(['id', 'displayName', 'department']);
    expect(pages[0]?.['@odata.context']).toMatch(/#users\(displayName,department\)$/);
  });

  it('goes on with what changed in the selected properties, who is new and who is gone', () => {
    const { company, recruiter, directory, round } = bench();
    const { link } = round(start);
    const [changed, renamed, removed] = directory.accounts.map((account) => account);
    if (!changed || !renamed || !removed) throw new Error('the company is too small');
    company.change('entra', changed, 'updated', (user) => (user.department = 'Example'));
    company.change('entra', renamed, 'updated', (user) => (user.city = 'Example'));
    company.removeAccount('entra', removed);
    const added = company.addAccount('entra', company.addPerson(recruiter.next()), { active: true });
    const next = round(link);
    const byId = new Map(next.entries.map((entry) => [entry.id, entry]));
    expect(new Set(byId.keys())).toEqual(new Set([changed.id, removed.id, added.id]));
    expect(byId.get(changed.id)).toEqual({ id: changed.id, displayName: changed.name, department: 'Example' });
    expect(byId.get(removed.id)).toEqual({ id: removed.id, '@removed': { reason: 'changed' } });
    expect(round(next.link).entries).toEqual([]);
    // The same token tells the same again: replays happen.
    expect(round(link).entries).toHaveLength(3);
  });

  it('tells only changed properties when asked to be minimal', () => {
    const { company, directory, round } = bench(3);
    const { link } = round(start);
    const [changed] = directory.accounts;
    if (!changed) throw new Error('the company is empty');
    company.change('entra', changed, 'updated', (user) => (user.department = 'Example'));
    expect(round(link, 'return=minimal').entries).toEqual([{ id: changed.id, department: 'Example' }]);
  });

  it('can begin now, and takes the page size that is preferred', () => {
    const { round } = bench(5);
    const { entries, link } = round(`${start}&$deltatoken=latest`);
    expect(entries).toEqual([]);
    expect(round(link).entries).toEqual([]);
    expect(round(start, 'odata.maxpagesize=2').pages.map(({ value }) => value.length)).toEqual([2, 2, 1]);
  });

  it('takes up to fifty ids as its only filter', () => {
    const { round, directory } = bench(60);
    const clauses = directory.accounts.map(({ id }) => `id eq '${id}'`);
    const filtered = (count: number) => `${start}&$filter=${clauses.slice(0, count).join(' or ')}`;
    expect(round(filtered(2)).entries).toHaveLength(2);
    expect(round(filtered(50)).entries).toHaveLength(50);
    for (const filter of [filtered(51), `${start}&$filter=city eq 'Bonn'`]) {
      expect(failureOf(() => round(filter))).toMatchObject({ status: 400, code: 'BadRequest' });
    }
  });

  it('sends away tokens that are unknown or older than seven days, with the place to begin again', () => {
    const { round, time } = bench(3);
    const { link } = round(start);
    const gone = { status: 410, headers: { location: `${origin}/v1.0/users/delta` } };
    expect(failureOf(() => round('/v1.0/users/delta?$deltatoken=nonsense'))).toMatchObject(gone);
    time.nowMs += 7 * 86_400_000 - 1;
    expect(round(link).entries).toEqual([]);
    time.nowMs += 1;
    expect(failureOf(() => round(link))).toMatchObject(gone);
  });

  it('keeps the latest rounds only', () => {
    const { round } = bench(3);
    const { link } = round(start);
    for (let count = 0; count < 19; count += 1) round(start);
    expect(round(link).entries).toEqual([]);
    expect(failureOf(() => round(link))).toMatchObject({ status: 410 });
  });
});
