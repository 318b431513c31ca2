// Proves that killing everything at random loses nothing: `npm run proof -- --tier T0|T1 [--seed 7] [--parts 2]`.
// `--replicas 2` starts two processes of each service, each of which may be killed and paused alone.
// `node tools/proof.mjs broker-restarts` runs another proof of test/proof.
// T0 is small, part of every check, and prints its result. T1 is large and made of parts; each finished part is written
// to docs/proof/T1.json at once, and a later call goes on with the parts that are missing there. A part that finds
// something wrong is written too: it must be understood, mended and removed by hand.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { runProof } from './run-proof.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/**
 * @typedef {'kills' | 'pauses' | 'rounds' | 'events' | 'distinct' | 'deactivated' | 'intents' | 'seconds'} Figure
 * @typedef {Record<Figure, number> & { ended: number, violations: Record<string, number> }} Part
 */

/** Parts that make a tier; what a part is stands in test/proof/tiers.ts. */
/** @type {Record<string, number>} */
const partsOf = { T0: 1, T1: 6 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tier: { type: 'string', default: 'T0' },
    seed: { type: 'string' },
    parts: { type: 'string' },
    replicas: { type: 'string' },
  },
});
if (positionals.length > 0) {
  const [name] = positionals;
  if (!existsSync(join(root, 'test', 'proof', `${name}.proof-spec.ts`))) {
    console.error(`There is no proof ${name} in test/proof.`);
    process.exit(2);
  }
  process.exit(await runProof(name, {}));
}
const { tier } = values;
if (!Object.hasOwn(partsOf, tier)) {
  console.error(`There is no tier ${tier}. Choose T0 (minutes) or T1 (an hour and more).`);
  process.exit(2);
}

const file = join(root, 'docs', 'proof', `${tier}.json`);
// Figures of another installation do not belong to the tier's.
const isKept = tier !== 'T0' && values.replicas === undefined;
const done = isKept && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).parts : [];
const open = Math.min(partsOf[tier] - done.length, Number(values.parts ?? Infinity));
if (open <= 0) console.log(`All ${done.length} parts of ${tier} are in ${file}. Remove it to start over.`);

let failed = 0;
for (let number = 0; number < open; number += 1) {
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed) + number;
  console.log(`${tier}, part ${done.length + 1} of ${partsOf[tier]}, seed ${seed}`);
  const part = await play(seed);
  if (part === null) {
    failed += 1;
    break;
  }
  if (part.ended !== 0 || Object.keys(part.violations).length > 0) failed += 1;
  done.push(part);
  if (isKept) keep(done);
}
process.exit(failed > 0 ? 1 : 0);

/**
 * The result of one part, or null when it did not come to a result.
 * @param {number} seed
 */
async function play(seed) {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-result-'));
  const result = join(directory, 'result.json');
  try {
    const variables = {
      PROOF_TIER: tier,
      PROOF_SEED: String(seed),
      PROOF_RESULT: result,
      PROOF_REPLICAS: values.replicas ?? '1',
    };
    const ended = await runProof('kill-everything', variables);
    if (!existsSync(result)) return null;
    return { at: new Date().toISOString(), commit: commit(), ended, ...JSON.parse(readFileSync(result, 'utf8')) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {readonly Part[]} parts */
function keep(parts) {
  const sum = (/** @type {Figure} */ name) => parts.reduce((total, part) => total + part[name], 0);
  /** @type {Record<string, number>} */
  const violations = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part.violations)) violations[name] = (violations[name] ?? 0) + count;
  }
  const totals = Object.fromEntries(
    /** @type {const} */ (['kills', 'pauses', 'rounds', 'events', 'distinct', 'deactivated', 'intents', 'seconds']).map(
      (name) => [name, sum(name)],
    ),
  );
  const machine = { cores: cpus().length, memoryGigabytes: Math.round(totalmem() / 2 ** 30), node: process.version };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ tier, machine, totals, violations, parts }, null, 2)}\n`);
}

function commit() {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return stdout.trim();
}
