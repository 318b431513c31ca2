// Everything that must hold before a change is merged, in order: `npm run check [-- --only unit,int] [--keep-going]`.
// The last line is "N passed, N failed", counted in parts; the line before it is the timing table as JSON.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { parts } from './check/parts.mjs';
import { runPart } from './check/run-part.mjs';

const cwd = resolve(fileURLToPath(new URL('..', import.meta.url)));
const names = parts.map(({ name }) => name);

function readArguments() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, 'keep-going': { type: 'boolean', default: false } },
  });
  const only = values.only?.split(',').map((name) => name.trim());
  const unknown = (only ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}. Parts: ${names.join(', ')}`);
  return { chosen: only ? parts.filter(({ name }) => only.includes(name)) : parts, keepGoing: values['keep-going'] };
}

/** @typedef {import("./check/parts.mjs").Part} Part */
/** @type {ReturnType<typeof readArguments>} */
let options;
try {
  options = readArguments();
} catch (error) {
  console.error(`Cannot check: ${error.message}`);
  process.exit(2);
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());

/** @type {{ part: string, seconds: number, budgetSeconds: number, passed: boolean }[]} */
const table = [];
let isStopped = false;
const width = Math.max(1, ...options.chosen.map(({ title, name }) => title.length + name.length)) + 10;

/**
 * Runs parts two at a time where they stand the company; the output of each comes in one piece then.
 * @param {readonly Part[]} parts
 * @param {number} lanes
 */
async function runTogether(parts, lanes) {
  const queue = [...parts];
  const lane = async () => {
    for (let part = queue.shift(); part && !isStopped; part = queue.shift()) await run(part, lanes > 1);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/**
 * @param {Part} part
 * @param {boolean} isBuffered
 */
async function run(part, isBuffered) {
  /** @type {string[]} */
  const lines = [];
  const show = isBuffered
    ? (/** @type {string} */ line) => lines.push(line)
    : (/** @type {string} */ line) => console.log(line);
  show(`\n── ${part.title} (${part.name}) ${'─'.repeat(width - part.title.length - part.name.length)}`);
  const { seconds, problem } = await runPart(part, { cwd, signal: interrupt.signal, show });
  table.push({ part: part.name, seconds, budgetSeconds: part.budgetSeconds, passed: problem === null });
  const late = seconds > part.budgetSeconds ? `, over its budget of ${part.budgetSeconds} s` : '';
  show(problem ? `✗ ${part.name} ${problem} (${seconds} s${late})` : `✓ ${part.name} (${seconds} s${late})`);
  if (isBuffered) console.log(lines.join('\n'));
  if (interrupt.signal.aborted || (problem && !options.keepGoing)) isStopped = true;
}

const started = performance.now();
for (let at = 0; at < options.chosen.length && !isStopped;) {
  const { isAlone } = options.chosen[at];
  const next = options.chosen.findIndex((part, index) => index > at && part.isAlone !== isAlone);
  const end = next === -1 ? options.chosen.length : next;
  await runTogether(options.chosen.slice(at, end), isAlone ? 1 : 2);
  at = end;
}

const failed = table.filter(({ passed }) => !passed).length;
const left = options.chosen.map(({ name }) => name).filter((name) => !table.some(({ part }) => part === name));
if (left.length > 0)
  console.log(`\nNot run: ${left.join(', ')}. Fix the failure above, or add --keep-going to see them all.`);
console.log(`\n${JSON.stringify({ seconds: Math.round((performance.now() - started) / 1000), parts: table })}`);
console.log(`${table.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
