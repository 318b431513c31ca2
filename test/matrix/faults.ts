import { Bench, type BenchOptions } from './bench.js';
import type { PageRow } from './listing-rows.js';
import type { MatrixVendor } from './vendors.js';

/** A vendor that does to single requests of a kind what a row says. */
export function disturbed(
  matrix: MatrixVendor,
  operation: 'get' | 'action',
  { fault, times }: PageRow,
  options: BenchOptions = {},
): Bench {
  if ('way' in fault) {
    const { way } = fault;
    const fails: BenchOptions['way'] = (sent) =>
      times === 'always' || sent.every(({ exchange }) => exchange !== null) ? way : null;
    return new Bench(matrix, { ...options, way: fails });
  }
  const bench = new Bench(matrix, options);
  bench.plan(fault, { operation, times });
  return bench;
}
