import type { RunRecord } from '@rollcall/contracts';

import { wrapped } from '../terminal/output.js';
import { renderTable } from './render-table.js';

/** Short heads, so that the table fits a terminal of 80 columns; in the order in which a run counts. */
const columns = {
  read: 'read',
  created: 'new',
  updated: 'changed',
  unchanged: 'same',
  rejected: 'refused',
  staged: 'staged',
  deactivated: 'deact.',
  reactivated: 'react.',
} as const satisfies Partial<Record<keyof NonNullable<RunRecord['counts']>, string>>;

/** What runs did, in numbers; below it what is to be said of one of them. */
export function runTable(runs: readonly { readonly name: string; readonly run: RunRecord }[]): string[] {
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const rows = runs.map(({ name, run }) => [name, ...names.map((column) => run.counts?.[column] ?? '?')]);
  const remarks = runs.flatMap(({ name, run }) => [
    ...(run.state === 'completed' ? [] : [`${name}: the run is ${run.state}.`]),
    ...run.problems.map(({ count, message }) => `${name}: ${count} × ${message}`),
  ]);
  return [
    renderTable(['run', ...Object.values(columns)], rows),
    ...remarks.flatMap((remark) => wrapped(`! ${remark}`, 76).map((line) => `  ${line}`)),
  ];
}
