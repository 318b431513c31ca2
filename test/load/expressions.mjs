/**
 * What expressions cost per user (`npm run bench:expressions`): time until the outcomes of a slice are there, and CPU of
 * mapping's own process and of the one for expressions. Figures, not a test.
 */
import { builtInFields } from '@rollcall/contracts';

import { runLimits } from '../../apps/mapping/dist/expressions/limits.js';
import { ProcessOfExpressions } from '../../apps/mapping/dist/expressions/process-of-expressions.js';
import { compileMapping } from '../../apps/mapping/dist/mappings/compile-mapping.js';
import { cpuSeconds, peakMegabytes } from './process-figures.mjs';

/** @typedef {ConstructorParameters<typeof ProcessOfExpressions>[1]} Logger */

const usersPerSlice = 1_000;
const slices = Number(process.env.BENCH_SLICES ?? 30);
const logger = { warn: console.warn, error: console.error };
const context = { content: 'user-and-saas-user', app: null, preference: 'create-and-update' };

const field = (/** @type {string} */ to, /** @type {string} */ path) => ({
  to,
  from: { kind: /** @type {const} */ ('field'), path },
});
const expression = (/** @type {string} */ to, /** @type {string} */ text) => ({
  to,
  from: { kind: /** @type {const} */ ('expression'), expression: text },
});
const basis = [
  field('username', 'email'),
  field('email', 'email'),
  { to: 'role', from: { kind: /** @type {const} */ ('constant'), value: 'E' } },
];
/** @type {Record<string, import('../../libs/contracts/dist/index.js').MappingDefinition['entries']>} */
const shapes = {
  'no expressions': [...basis, field('display_name', 'name'), field('job_title', 'title')],
  'two short expressions': [
    ...basis,
    expression('display_name', 'first & " " & last'),
    expression('job_title', '$uppercase(title)'),
  ],
  'five expressions': [
    ...basis,
    expression('display_name', 'first & " " & last'),
    expression('job_title', '$uppercase(title)'),
    expression('department', '$join(groups, ", ")'),
    expression('manager', 'groups[$contains("1")][0]'),
    expression('location', '$fromMillis($toMillis(since, "[Y0001]-[M01]-[D01]"), "[D01].[M01].[Y0001]")'),
  ],
  'one expression over the whole record': [...basis, expression('display_name', '$count($keys($))')],
};

/**
 * About a kilobyte, as vendors send it.
 * @param {number} slice
 * @param {number} index
 * @returns {import('../../libs/contracts/dist/index.js').RawUser}
 */
function userOf(slice, index) {
  const id = `${slice}-${index}`;
  const raw = {
    ...{
      email: `${id}@example.com`,
      name: `User ${id}`,
      first: 'User',
      last: id,
      title: 'Engineer',
      since: '2026-01-05',
    },
    groups: Array.from({ length: 8 }, (_, group) => `group ${(index + group) % 40}`),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`attribute_${at}`, `value ${at} of ${id}`])),
  };
  return { id, status: 'active', role: null, lastActivityAt: null, administrator: false, username: id, raw };
}

const definition = (
  /** @type {import('../../libs/contracts/dist/index.js').MappingDefinition['entries']} */ entries,
) => ({ entries, syncKeys: ['email'] });
const perUser = (/** @type {number} */ milliseconds) =>
  Math.round((milliseconds * 10_000) / (slices * usersPerSlice)) / 10;

for (const [name, entries] of Object.entries(shapes)) {
  const evaluator = new ProcessOfExpressions(runLimits, /** @type {Logger} */ (logger));
  const mapping = compileMapping(1, definition(entries), builtInFields, evaluator);
  const work = async (/** @type {number} */ slice) => {
    const users = Array.from({ length: usersPerSlice }, (_, index) => userOf(slice, index));
    const started = performance.now();
    await mapping.evaluate(users);
    for (const user of users) mapping.map(user, context);
    return performance.now() - started;
  };
  for (let slice = -5; slice < 0; slice += 1) await work(slice);
  const { pid } = evaluator['child'] ?? {};
  const before = [cpuSeconds(process.pid), pid ? cpuSeconds(pid) : 0];
  let total = 0;
  for (let slice = 0; slice < slices; slice += 1) total += await work(slice);
  const own = perUser((cpuSeconds(process.pid) - before[0]) * 1_000);
  const other = pid ? perUser((cpuSeconds(pid) - before[1]) * 1_000) : 0;
  console.log(
    `${name}: ${perUser(total)} µs per user until mapped; CPU ${own} µs here (with making the users), ${other} µs in the ` +
      `process for expressions${pid ? `, whose peak is ${peakMegabytes(pid)} MB` : ', which was not started'}`,
  );
  await evaluator.end();
}
