import { expect } from '@jest/globals';
import type { RunRecord } from '@rollcall/contracts';
import type { Mutation, RawAccount } from '@rollcall/vendor-simulator';

import type { MatrixVendor } from '../matrix/vendors.js';
import type { Company } from './company.js';

/** One vendor with a company of its own, on which the rows follow each other. */
export interface Stage {
  readonly company: Company;
  readonly matrix: MatrixVendor;
}

/** Something that a vendor does, whose mapping to an outcome decides whether somebody loses access (protocol V). */
export interface ServiceRow {
  readonly row: string;
  readonly what: string;
  appliesTo(matrix: MatrixVendor): boolean;
  play(stage: Stage): Promise<void>;
}

export const users = 40;

const everywhere = (): boolean => true;
const withStatus = ({ statusField }: MatrixVendor): boolean => statusField !== null;
const countsExactly = ({ counts }: MatrixVendor): boolean => counts === 'every-page';

function accountsOf({ company, matrix }: Stage): RawAccount[] {
  return company.simulator.control.rawAccounts(matrix.id);
}

const runOf = ({ company, matrix }: Stage): Promise<RunRecord> => company.runOf(matrix.id);

function mutate({ company }: Stage, ...mutations: Mutation[]): void {
  company.simulator.control.mutate(mutations);
}

function setField({ company, matrix }: Stage, id: string, field: string, value: unknown): void {
  company.simulator.control.mutate([{ op: 'set-field', vendor: matrix.id, id, field, value }]);
}

export async function expectNobodyDeactivated({ company, matrix }: Stage): Promise<void> {
  expect(await company.deactivated(matrix.id)).toEqual({ records: [], events: [] });
}

/** A healthy run after the trouble finds everybody as before. */
export async function expectRecovery(stage: Stage): Promise<void> {
  stage.company.repair();
  expect(await runOf(stage)).toMatchObject({ state: 'completed', counts: { read: users, staged: 0 } });
  await expectNobodyDeactivated(stage);
}

/** One value of one user, for one run; then as it was. */
async function withValue(stage: Stage, field: string, value: unknown): Promise<RunRecord> {
  const { id, record } = accountsOf(stage)[7]!;
  setField(stage, id, field, value);
  const run = await runOf(stage);
  setField(stage, id, field, record[field]);
  return run;
}

async function playEmpty(stage: Stage): Promise<void> {
  stage.company.break({ kind: 'body', body: stage.matrix.pageOf([], 0) });
  expect(await runOf(stage)).toMatchObject({
    state: 'held',
    verdict: {
      decision: 'hold',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'empty-listing' })]),
    },
  });
}

async function playTwoLost(stage: Stage): Promise<void> {
  const { company, matrix } = stage;
  const all = accountsOf(stage);
  company.break({ kind: 'body', body: matrix.pageOf(all.slice(0, -2), all.length) });
  const run = await runOf(stage);
  if (countsExactly(matrix)) {
    expect(run.state).toBe('failed');
    expect(['read-count-mismatch', 'read-page-repeated']).toContain(run.reason?.code);
    return;
  }
  // Nothing in the listing tells; the vendor, asked by id, contradicts it (evidence f).
  expect(run).toMatchObject({
    state: 'completed-with-errors',
    counts: { staged: 2, deactivated: 0 },
    problems: [{ code: 'absence-refuted', count: 2 }],
  });
}

async function playHalfLost(stage: Stage): Promise<void> {
  const { company, matrix } = stage;
  const half = accountsOf(stage).slice(0, users / 2);
  // Even where the vendor's count agrees with what it lost, the amount stops it.
  company.break({ kind: 'body', body: matrix.pageOf(half, half.length) });
  expect(await runOf(stage)).toMatchObject({ state: 'held', counts: { deactivated: 0 } });
}

async function playLargeValue(stage: Stage): Promise<void> {
  const run = await withValue(stage, stage.matrix.plainField, 'x'.repeat(1_000_000));
  expect(run).toMatchObject({
    state: 'completed-with-errors',
    counts: { read: users, rejected: 1, staged: 0 },
    problems: [{ code: 'value-too-long', count: 1 }],
  });
}

async function playLargeRecord(stage: Stage): Promise<void> {
  const run = await withValue(stage, stage.matrix.plainField, 'x'.repeat(2_200_000));
  expect(run).toMatchObject({
    state: 'completed-with-errors',
    counts: { read: users, rejected: 1, staged: 0 },
    problems: [{ code: 'record-too-large', count: 1, message: expect.stringContaining(stage.matrix.plainField) }],
  });
}

async function playNewStatus(stage: Stage): Promise<void> {
  const { company, matrix } = stage;
  const { id } = accountsOf(stage)[7]!;
  const run = await withValue(stage, matrix.statusField!, 'on sabbatical');
  expect(run).toMatchObject({ counts: { read: users, staged: 0, deactivated: 0 } });
  expect(await company.account(matrix.id, id)).toMatchObject({ active: true, sourceStatus: 'unknown' });
}

async function playNoStatus(stage: Stage): Promise<void> {
  const { matrix } = stage;
  const before = accountsOf(stage);
  const fields = [matrix.statusField!, ...matrix.otherStatusFields];
  const each = (change: (account: RawAccount, field: string) => Mutation): Mutation[] =>
    before.flatMap((account) => fields.map((field) => change(account, field)));
  mutate(stage, ...each(({ id }, field) => ({ op: 'remove-field', vendor: matrix.id, id, field })));
  const run = await runOf(stage);
  mutate(
    stage,
    ...each(({ id, record }, field) => ({ op: 'set-field', vendor: matrix.id, id, field, value: record[field] })),
  );
  expect(run).toMatchObject({ state: 'failed', reason: { code: 'read-status-unknown' } });
}

async function playOddDates(stage: Stage): Promise<void> {
  const { matrix } = stage;
  const dates = matrix.connector.manifest.fields.filter(
    ({ path, type }) => type === 'date-time' && path !== matrix.statusField,
  );
  const { id, record } = accountsOf(stage)[7]!;
  for (const { path } of dates) setField(stage, id, path, '0000-99-99 soon');
  const run = await runOf(stage);
  for (const { path } of dates) setField(stage, id, path, record[path]);
  expect(run).toMatchObject({ counts: { read: users, staged: 0, deactivated: 0 } });
  expect(['completed', 'completed-with-errors']).toContain(run.state);
}

async function playLargeId(stage: Stage): Promise<void> {
  const { company, matrix } = stage;
  const [account] = accountsOf(stage);
  const wire = JSON.stringify(account!.record[matrix.idFields[0]!]);
  company.break({
    kind: 'rewrite',
    pattern: `"${matrix.idFields[0]!}":${wire}`,
    replacement: `"${matrix.idFields[0]!}":9007199254740993`,
  });
  expect(await runOf(stage)).toMatchObject({ state: 'failed', reason: { code: 'vendor-record-unusable' } });
}

/** The rows after which everything is as before, in any order. */
export const rows: readonly ServiceRow[] = [
  { row: 'V12', what: 'nobody is listed', appliesTo: everywhere, play: playEmpty },
  { row: 'V11', what: 'two users are left out of the listing', appliesTo: everywhere, play: playTwoLost },
  { row: 'V11', what: 'half of the users are left out, and of the count', appliesTo: everywhere, play: playHalfLost },
  { row: 'V17', what: 'a name has a megabyte', appliesTo: everywhere, play: playLargeValue },
  { row: 'V17', what: 'a record has over two megabytes', appliesTo: everywhere, play: playLargeRecord },
  {
    row: 'V23',
    what: 'an id is a number where ids are texts',
    appliesTo: ({ idFields, numericIds }) => idFields.length === 1 && numericIds !== true,
    play: playLargeId,
  },
  { row: 'V25', what: 'a status has a new value', appliesTo: withStatus, play: playNewStatus },
  { row: 'V25', what: 'dates are none', appliesTo: everywhere, play: playOddDates },
  { row: 'V26', what: 'all statuses are missing', appliesTo: withStatus, play: playNoStatus },
];

/**
 * Last, because the twin stays. An honest count would count it too, so where there is one it leaves the twin out. In a map
 * of users it is not even seen twice, only counted.
 */
export async function playTwin(stage: Stage): Promise<void> {
  const { company, matrix } = stage;
  const before = await company.deactivated(matrix.id);
  const { id } = accountsOf(stage)[7]!;
  const fields = { [matrix.plainField]: 'Somebody Else' };
  mutate(stage, { op: 'duplicate-id', vendor: matrix.id, id, fields });
  company.break({ kind: 'total', total: accountsOf(stage).length - 1 });
  const run = await runOf(stage);
  if (countsExactly(matrix) && matrix.idFields.length > 0) {
    expect(run).toMatchObject({ state: 'completed-with-errors', problems: [{ code: 'duplicate-id', count: 1 }] });
  } else {
    expect(run).toMatchObject({ state: 'failed', reason: { code: 'read-count-mismatch' } });
  }
  expect(await company.deactivated(matrix.id)).toEqual(before);
}
