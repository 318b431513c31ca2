import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  commandsTopicOf,
  noticesTopic,
  rawRecordsTopic,
  type RunRecord,
  runsTopic,
  serviceNames,
} from '@rollcall/contracts';
import { type Fault } from '@rollcall/vendor-simulator';

import { CanaryScan, formsOf, newCanary } from './canaries.js';
import { type Company, type OfBoth, type VendorId, vendorIds } from './company.js';
import { Scenarios } from './scenarios.js';

/** More than two pages of both vendors, and one page of both. */
const threePages = 1010;
const onePage = 40;

interface Trouble {
  readonly title: string;
  readonly users: number;
  /** Makes both vendors answer wrongly; called before the first run and, if given, before the second. */
  readonly begin: (company: Company) => void | Promise<void>;
  /** One failing run is enough where each waits out all retries; else a second one shows that contacts hear of one incident. */
  readonly isSlow?: boolean;
  readonly goOn?: (company: Company) => void | Promise<void>;
  readonly end?: (company: Company) => void | Promise<void>;
  readonly state?: 'failed' | 'held';
  readonly code: string | OfBoth<string>;
}

const emptyListing: Record<VendorId, string> = {
  lastpass: '{"total":0,"count":0,"Users":[]}',
  jumpcloud: '{"totalCount":0,"results":[]}',
};
const isRefused = (secret: string): Record<VendorId, Fault> => ({
  lastpass: { kind: 'body', body: JSON.stringify({ status: 'FAIL', errors: [`The hash ${secret} may not do this`] }) },
  jumpcloud: { kind: 'status', status: 400, body: JSON.stringify({ message: `The key ${secret} may not do this` }) },
});

/** Answers that must never look like "nobody works here" (P14): the first ones wait out all retries. */
const troubles: readonly Trouble[] = [
  {
    title: 'vendor that is down',
    users: onePage,
    begin: (company) => company.break({ kind: 'reset' }),
    goOn: (company) => company.leave(),
    end: (company) => company.returnToWork(),
    code: 'vendor-unreachable',
  },
  {
    title: 'error 500 on page 3',
    users: threePages,
    begin: (company) => company.break({ kind: 'status', status: 500 }, { page: 3 }),
    isSlow: true,
    code: 'vendor-unavailable',
  },
  {
    title: 'body that ends half way',
    users: onePage,
    begin: (company) => company.break({ kind: 'cut-body' }),
    isSlow: true,
    code: 'vendor-answer-cut',
  },
  {
    title: 'gzip that ends half way',
    users: onePage,
    begin: (company) => company.break({ kind: 'gzip-cut' }),
    isSlow: true,
    code: 'vendor-answer-cut',
  },
  {
    title: 'half a body of fitting length',
    users: onePage,
    begin: (company) => company.break({ kind: 'cut-body', clean: true }),
    code: 'vendor-answer-unreadable',
  },
  {
    title: 'refused credential',
    users: onePage,
    begin: (company) => company.break({ kind: 'auth-error' }),
    code: 'vendor-auth-rejected',
  },
  {
    title: 'refusal that repeats the secret',
    users: onePage,
    begin: (company) => company.break((vendor) => isRefused(secretOf(company, vendor))[vendor]),
    code: 'vendor-refused',
  },
  {
    title: 'empty list after a good run',
    users: onePage,
    begin: (company) => company.break((vendor) => ({ kind: 'body', body: emptyListing[vendor] })),
    state: 'held',
    code: 'empty-listing',
  },
  {
    title: 'empty page in the middle',
    users: threePages,
    begin: (company) => company.break({ kind: 'empty-page' }, { page: 2 }),
    code: 'read-empty-page',
  },
  {
    title: 'page that is the one before again',
    users: threePages,
    begin: (company) => company.break({ kind: 'duplicate-page' }, { page: 2 }),
    code: 'read-page-repeated',
  },
  {
    title: 'login page with status 200',
    users: onePage,
    begin: (company) => company.break({ kind: 'html' }),
    code: 'vendor-answer-unreadable',
  },
  {
    title: 'empty body with status 200',
    users: onePage,
    begin: (company) => company.break({ kind: 'body', body: '' }),
    code: 'vendor-answer-unreadable',
  },
  {
    title: 'null with status 200',
    users: onePage,
    begin: (company) => company.break({ kind: 'body', body: 'null' }),
    code: 'vendor-answer-unexpected',
  },
  {
    title: 'total that moves at every attempt',
    users: threePages,
    begin: (company) => company.break({ kind: 'total', total: threePages + 1 }, { page: 2 }),
    code: 'read-total-moved',
  },
  {
    title: 'total above the users listed',
    users: onePage,
    begin: (company) => company.break({ kind: 'total', total: onePage + 1 }),
    // JumpCloud is asked for the page that the total promises.
    code: { lastpass: 'read-count-mismatch', jumpcloud: 'read-empty-page' },
  },
];

function secretOf({ simulator }: Company, vendor: VendorId): string {
  const { lastpass, jumpcloud } = simulator.credentials;
  return vendor === 'lastpass' ? lastpass.provhash : jumpcloud.apiKey;
}

const wrong = { 'wrong LastPass hash': newCanary(), 'wrong JumpCloud key': newCanary() };
let scenarios: Scenarios;

beforeAll(async () => {
  scenarios = await Scenarios.open();
  for (const trouble of troubles) {
    scenarios.begin(trouble.title, trouble.users, (company) => playTrouble(company, trouble));
  }
  scenarios.begin('wrong secret', onePage, playWrongSecret);
  scenarios.begin('total moves once', threePages, playTotalMovesOnce);
  scenarios.begin('asked to wait', threePages, playAskedToWait);
  scenarios.begin('asked to wait a day', onePage, playAskedToWaitForDays);
}, 120_000);

afterAll(async () => {
  await scenarios.close();
}, 150_000);

async function playTrouble(company: Company, trouble: Trouble): Promise<void> {
  const { state = 'failed', code } = trouble;
  const before = await recordsOf(company);
  await trouble.begin(company);
  expectEnd(await company.run(), state, code);
  await trouble.goOn?.(company);
  if (!trouble.isSlow) expectEnd(await company.run(), state, code);
  // Nobody is deactivated, and nothing else about anybody changed either.
  expect(await recordsOf(company)).toEqual(before);
  await (trouble.end ?? ((repaired) => repaired.repair()))(company);
  await expectRecovery(company, [`run-${state}`, 'run-recovered']);
}

function expectEnd(runs: OfBoth<RunRecord>, state: string, code: Trouble['code']): void {
  for (const vendor of vendorIds) {
    const { reason, counts } = runs[vendor];
    expect([vendor, runs[vendor].state, reason?.code]).toEqual([
      vendor,
      state,
      typeof code === 'string' ? code : code[vendor],
    ]);
    // What happened, why, and what to do.
    expect(reason!.message.length).toBeGreaterThan(40);
    expect(counts?.deactivated ?? 0).toBe(0);
  }
}

/** A complete read afterwards takes a change over, deactivates nobody, and tells contacts that it works again. */
async function expectRecovery(company: Company, kinds: readonly string[]): Promise<void> {
  const { users } = company;
  company.mutate((vendor) => {
    const field = vendor === 'lastpass' ? 'fullname' : 'displayname';
    return { op: 'set-field', vendor, id: company.idOf(vendor, 7), field, value: 'Renamed Afterwards' };
  });
  const runs = await company.run();
  for (const vendor of vendorIds) {
    expect(runs[vendor]).toMatchObject({
      state: 'completed',
      reason: null,
      counts: { read: users, created: 0, updated: 1, unchanged: users - 1, rejected: 0, staged: 0, deactivated: 0 },
    });
    const { values } = await company.account(vendor, company.idOf(vendor, 7));
    expect(values['display_name']).toBe('Renamed Afterwards');
    expect(await company.deactivated(vendor)).toEqual({ records: [], events: [] });
    // Two failures for the same reason were one incident: one notice, one mail (I9).
    const told = await company.told(vendor, kinds.at(-1)!);
    expect(told.kinds).toEqual(kinds);
    expect(told.mails).toHaveLength(kinds.length);
  }
}

async function recordsOf(company: Company) {
  const [lastpass, jumpcloud] = [await company.accounts('lastpass'), await company.accounts('jumpcloud')];
  expect([lastpass.length, jumpcloud.length]).toEqual([company.users, company.users]);
  return { lastpass, jumpcloud };
}

/** Not a fault of the simulator: the stored credential itself is wrong. LastPass answers that with status 200. */
async function playWrongSecret(company: Company): Promise<void> {
  const before = await recordsOf(company);
  const fields = (lastpass: string, jumpcloud: string) => ({
    lastpass: { username: company.simulator.credentials.lastpass.cid, password: lastpass },
    jumpcloud: { key: jumpcloud },
  });
  const replace = async (secrets: OfBoth<Record<string, string>>) => {
    for (const vendor of vendorIds) {
      const path = `/credentials/${company.connected(vendor).credential}`;
      // Else the secret of before would be used on.
      const body = { fields: secrets[vendor], keepPrevious: false };
      expect((await company.rest.request('PATCH', path, { body })).status).toBe(200);
    }
  };
  await replace(fields(wrong['wrong LastPass hash'], wrong['wrong JumpCloud key']));
  expectEnd(await company.run(), 'failed', 'vendor-auth-rejected');
  expectEnd(await company.run(), 'failed', 'vendor-auth-rejected');
  expect(await recordsOf(company)).toEqual(before);
  await replace(fields(secretOf(company, 'lastpass'), secretOf(company, 'jumpcloud')));
  await expectRecovery(company, ['run-failed', 'run-recovered']);
}

async function playTotalMovesOnce(company: Company): Promise<void> {
  company.break((vendor) => ({ kind: 'mutate', mutations: [{ op: 'add-user', vendor }] }), { page: 2, times: 1 });
  const runs = await company.run();
  for (const vendor of vendorIds) {
    const read = company.users + 1;
    expect(runs[vendor]).toMatchObject({ state: 'completed', counts: { read, staged: 0, deactivated: 0 } });
    expect(await company.accounts(vendor)).toHaveLength(read);
  }
}

async function playAskedToWait(company: Company): Promise<void> {
  company.break({ kind: 'rate-limit', retryAfter: 2 }, { page: 2, times: 1 });
  const runs = await company.run();
  for (const vendor of vendorIds) {
    expect(runs[vendor]).toMatchObject({
      state: 'completed',
      counts: { read: company.users, unchanged: company.users },
    });
    const requests = company.simulator.control
      .ledger()
      .filter((entry) => entry.kind === 'request' && entry.vendor === vendor)
      .map((entry) => ({ limited: entry.kind === 'request' && entry.status === 429, at: Date.parse(entry.time) }));
    const limited = requests.findIndex((request) => request.limited);
    expect(requests[limited + 1]!.at - requests[limited]!.at).toBeGreaterThanOrEqual(1_990);
  }
}

/** A wait that is too long to sit out ends the run; the budget of the credential keeps it, so nothing is asked again. */
async function playAskedToWaitForDays(company: Company): Promise<void> {
  const before = await recordsOf(company);
  company.break({ kind: 'rate-limit', retryAfter: 86_400 });
  expectEnd(await company.run(), 'failed', 'vendor-rate-limited');
  expect(await recordsOf(company)).toEqual(before);
  for (const vendor of vendorIds) {
    expect(await company.told(vendor, 'run-failed')).toMatchObject({
      kinds: ['run-failed'],
      mails: [expect.anything()],
    });
  }
}

describe('vendors that answer wrongly', () => {
  it.each(troubles.map(({ title, state = 'failed' }) => ({ title, state })))(
    '$title: the run ends $state, nobody is touched, contacts are told once and once more when it works',
    async ({ title }) => {
      await scenarios.outcome(title);
    },
    150_000,
  );

  it('a wrong secret ends the run failed, whatever status the vendor has for it', async () => {
    await scenarios.outcome('wrong secret');
  }, 60_000);

  it('a total that moves once makes the run read again, and complete', async () => {
    await scenarios.outcome('total moves once');
  }, 60_000);

  it('429 with Retry-After is waited out, with no request before', async () => {
    await scenarios.outcome('asked to wait');
  }, 60_000);

  it('429 for a day ends the run failed', async () => {
    await scenarios.outcome('asked to wait a day');
  }, 60_000);
});

describe('secrets', () => {
  it('are found in every form by the scan that looks for them', () => {
    for (const [name, secret] of Object.entries({ ...scenarios.canaries, ...wrong })) {
      const embedded = ['a', 'ab', 'abc'].map((user) => Buffer.from(`${user}:${secret}:x`).toString('base64'));
      for (const text of [...formsOf(secret).values(), ...embedded]) {
        const scan = new CanaryScan({ [name]: secret });
        scan.search('planted', Buffer.from(`before ${text} after`, 'latin1'));
        expect([text, scan.hits.length > 0]).toEqual([text, true]);
      }
    }
  });

  it('stand in no log, no database, no topic and no mail, in no form (P20)', async () => {
    const scan = await scenarios.scan(wrong);
    expect(scan.hits).toEqual([]);
    // Proof that something was searched: every service has a log, every owner its collections, contacts their mails.
    expect(scan.searched['logs']).toBe(serviceNames.length);
    expect(scan.searched['mails']).toBeGreaterThanOrEqual(2 * 2 * troubles.length);
    const places = Object.keys(scan.searched);
    for (const owner of ['credential_vault', 'sync_runner', 'mapping', 'notifier', 'gateway']) {
      expect(places.filter((place) => place.includes(`_${owner}.`))).not.toEqual([]);
    }
    for (const topic of [rawRecordsTopic, runsTopic, noticesTopic, commandsTopicOf('credential-vault')]) {
      expect(places).toContain(topic.name);
    }
  }, 60_000);
});
