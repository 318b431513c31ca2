import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runs } from '@rollcall/collections';
import { serviceNames } from '@rollcall/contracts';
import type { VendorId } from '@rollcall/vendor-simulator';

import { matrixVendors } from '../matrix/vendors.js';
import { Company } from './company.js';
import { Installation } from './installation.js';
import { expectNobodyDeactivated, expectRecovery, playTwin, rows, type Stage, users } from './matrix-rows.js';

let installation: Installation;
const played = new Map<string, Promise<void>>();

const nameOf = (vendor: string, what: string): string => `${vendor}: ${what}`;

/** Rows of one vendor follow each other; vendors go side by side, because most of the time is spent waiting. */
function begin(vendor: string, what: string, after: Promise<unknown>, play: () => Promise<void>): Promise<void> {
  const playing = after.then(play, play);
  // Met by the test that awaits it; until then it must not count as unhandled.
  playing.catch(() => undefined);
  played.set(nameOf(vendor, what), playing);
  return playing;
}

function beginVendor(matrix: Stage['matrix']): void {
  const opened = Company.open(installation, `matrix ${matrix.id}`, users, [matrix.id]);
  const stage = async (): Promise<Stage> => ({ company: await opened, matrix });
  let last: Promise<unknown> = opened;
  for (const { what, appliesTo, play } of rows) {
    if (!appliesTo(matrix)) continue;
    last = begin(matrix.id, what, last, async () => {
      const here = await stage();
      try {
        await play(here);
        await expectNobodyDeactivated(here);
      } finally {
        here.company.repair();
      }
      await expectRecovery(here);
    });
  }
  if (matrix.statusField !== null) last = begin(matrix.id, 'reuse', last, async () => playReuse(await stage()));
  else last = begin(matrix.id, 'two reads', last, async () => playTwoReads(await stage()));
  last = begin(matrix.id, 'twin', last, async () => playTwin(await stage()));
  void last.finally(async () => (await opened).close()).catch(() => undefined);
}

/** V24: the id of somebody who left comes back with another person behind it. */
async function playReuse({ company, matrix }: Stage): Promise<void> {
  const { control } = company.simulator;
  const { id } = control.rawAccounts(matrix.id)[11]!;
  control.mutate([{ op: 'suspend', vendor: matrix.id, id }]);
  expect(await company.runOf(matrix.id)).toMatchObject({ state: 'completed', counts: { deactivated: 1 } });
  const left = await company.account(matrix.id, id);
  const person = await company.personOf(matrix.id, id);
  const email = `somebody.else@${matrix.id}.example`;
  control.mutate([
    { op: 'rename-email', vendor: matrix.id, id, newEmail: email },
    ...matrix.nameFields.map((field) => ({ op: 'set-field' as const, vendor: matrix.id, id, field, value: email })),
    { op: 'restore', vendor: matrix.id, id },
  ]);
  expect(await company.runOf(matrix.id)).toMatchObject({
    state: 'completed-with-errors',
    counts: { read: users, rejected: 1, updated: 0, reactivated: 0 },
    problems: [{ code: 'identity-conflict', count: 1 }],
  });
  expect(await company.account(matrix.id, id)).toEqual(left);
  expect(await company.personOf(matrix.id, id)).toEqual(person);
  // A person who knows better says so once, and the next run goes on with them.
  const hold = (body: object) => company.rest.request('PUT', `/accounts/${left._id}/hold`, { body });
  expect(await hold({ hold: true, active: true, reason: 'the same person' })).toMatchObject({ status: 200 });
  expect(await hold({ hold: false })).toMatchObject({ status: 200 });
  await company.runOf(matrix.id);
  expect(await company.account(matrix.id, id)).toMatchObject({ active: true, values: { email } });
}

/** For all that judges by the ends of runs. */
async function letAnHourPass(company: Company, vendor: VendorId): Promise<void> {
  const ended = company.databases.collection(runs);
  const { integration } = company.connected(vendor);
  for (const { _id, endedAt } of await ended.find({ integration }).toArray()) {
    const before = new Date(Date.parse(endedAt!) - 3_600_000).toISOString();
    await ended.updateOne({ _id }, { $set: { endedAt: before } });
  }
}

/** Where nobody can be asked by id, a leaver waits until a second complete read an hour later finds them missing too. */
async function playTwoReads({ company, matrix }: Stage): Promise<void> {
  const { control } = company.simulator;
  const { id } = control.rawAccounts(matrix.id)[11]!;
  control.mutate([{ op: 'remove-user', vendor: matrix.id, id }]);
  const waits = { state: 'completed-with-errors', problems: [{ code: 'absence-waits', count: 1 }] };
  expect(await company.runOf(matrix.id)).toMatchObject(waits);
  expect(await company.runOf(matrix.id)).toMatchObject(waits);
  await letAnHourPass(company, matrix.id);
  await expectNobodyDeactivated({ company, matrix });
  expect(await company.runOf(matrix.id)).toMatchObject({ state: 'completed', counts: { deactivated: 1 } });
  expect(await company.deactivated(matrix.id)).toMatchObject({ records: [id] });
}

beforeAll(async () => {
  installation = await Installation.start({
    services: serviceNames,
    simulator: { company: 'load:1' },
    variables: { 'sync-runner': { RUN_CONCURRENCY: '32' } },
  });
  for (const matrix of matrixVendors) beginVendor(matrix);
}, 120_000);

afterAll(async () => {
  await Promise.allSettled(played.values());
  await installation.stop();
}, 60_000);

describe.each(matrixVendors)('runs of $id', (matrix) => {
  const applying = rows.filter(({ appliesTo }) => appliesTo(matrix));

  it.each(applying)(
    '$row: when $what, nobody is deactivated, the reason is named, and the next run is fine',
    async ({ what }) => {
      await played.get(nameOf(matrix.id, what));
    },
    120_000,
  );

  if (matrix.statusField !== null) {
    it('V24: an id that comes back with somebody else is a named problem and changes nothing', async () => {
      await played.get(nameOf(matrix.id, 'reuse'));
    }, 120_000);
  } else {
    it('P9: somebody missing waits for a second complete read an hour later', async () => {
      await played.get(nameOf(matrix.id, 'two reads'));
    }, 120_000);
  }

  it('V15: the same id twice with different content is named, or the run fails', async () => {
    await played.get(nameOf(matrix.id, 'twin'));
  }, 120_000);
});
