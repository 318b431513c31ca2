/**
 * What it costs to sign the messages of raw-records and to verify them (`npm run bench:authentication`), in CPU
 * microseconds per user and as a share of what an unchanged user costs in all. No engines: messages go from the signer to
 * the verifier in memory, as the publisher and the batch server hand them over. Figures, not a test.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rawRecordsTopic, serviceNames, usersPerMessage } from '@rollcall/contracts';
import { MessageSigner, MessageVerifier } from '@rollcall/messaging';
import { generateServiceKeys } from '@rollcall/secrets';
import { loadSigning } from '@rollcall/service';

/** CPU of all processes per unchanged user, from `npm run bench`. */
const wholeMicroseconds = Number(process.env.BENCH_WHOLE_US ?? 130);
const rounds = 400;
/** Each as many rounds. Of the first ones a part is the compiler's, which a service that runs for days pays once. */
const [warmUps, passes] = [2, 9];

const directory = mkdtempSync(join(tmpdir(), 'rollcall-authentication-'));
await generateServiceKeys(directory, [...serviceNames]);
const runner = await loadSigning('sync-runner', directory);
const mapping = await loadSigning('mapping', directory);
const nameOf = (/** @type {string} */ topic) => topic;

/**
 * @param {number} index
 * @param {number} bytes
 */
function userOf(index, bytes) {
  const user = { id: `u${index}`, status: 'active', role: null, lastActivityAt: null, administrator: false };
  return { ...user, username: `u${index}@example.com`, raw: { note: 'x'.repeat(Math.max(0, bytes - 150)) } };
}

/**
 * The messages of a page, with another page time each, so that no two pages have one signature.
 * @param {number} users
 * @param {number} bytes
 * @param {number} page
 */
function pageOf(users, bytes, page) {
  const messages = [];
  for (let first = 0; first < users; first += usersPerMessage) {
    const u = Array.from({ length: Math.min(usersPerMessage, users - first) }, (_, at) => userOf(first + at, bytes));
    const value = JSON.stringify({ k: 'records', i: 'integration', g: 1_900_000_000_000, r: 'run', u });
    messages.push({ topic: rawRecordsTopic, key: 'integration', partition: 7, value, headers: { t: String(page) } });
  }
  return messages;
}

/** @param {() => void} work */
function cpuMicroseconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * @param {number} users
 * @param {number} bytes
 */
function measure(users, bytes) {
  const pages = Array.from({ length: 20 }, (_, page) => pageOf(users, bytes, page));
  const signer = new MessageSigner(runner, nameOf);
  const verifier = new MessageVerifier(rawRecordsTopic, rawRecordsTopic.name, mapping);
  /**
   * @param {import('../../libs/messaging/dist/index.js').OutgoingMessage} message
   * @param {number} offset
   */
  const toConsumed = ({ key, value, headers = {} }, offset) => ({
    ...{ offset, key, headers },
    value: Buffer.from(value ?? ''),
  });
  const signed = pages.map((page) => signer.sign(page).map(toConsumed));
  const sign = () => {
    for (let round = 0; round < rounds; round += 1) signer.sign(pages[round % pages.length]);
  };
  const verify = () => {
    for (let round = 0; round < rounds; round += 1) {
      for (const message of signed[round % signed.length]) {
        if (verifier.refusalOf(7, message) !== null) throw new Error('a signed message was refused');
      }
    }
  };
  const taken = [];
  for (let pass = 0; pass < warmUps + passes; pass += 1) {
    const perUser = (/** @type {number} */ microseconds) => microseconds / rounds / users;
    taken.push({ sign: perUser(cpuMicroseconds(sign)), verify: perUser(cpuMicroseconds(verify)) });
  }
  const sums = taken.slice(warmUps).map((one) => ({ ...one, sum: one.sign + one.verify }));
  return sums.sort((one, other) => one.sum - other.sum);
}

const shareOf = (/** @type {{ sum: number }} */ { sum }) => `${((sum / wholeMicroseconds) * 100).toFixed(1)} %`;

console.log(
  `CPU per user; ${wholeMicroseconds} µs is what an unchanged user costs in all. Median, best and worst of ${passes}.`,
);
for (const bytes of [400, 1000]) {
  for (const users of [100, 500, 1000]) {
    const sums = measure(users, bytes);
    const median = sums[(passes - 1) / 2];
    console.log(
      `${String(users).padStart(5)} users a page, ${String(bytes).padStart(4)} bytes each: ` +
        `sign ${median.sign.toFixed(2)} µs, verify ${median.verify.toFixed(2)} µs, ` +
        `together ${shareOf(median)} (${shareOf(sums[0])} to ${shareOf(sums[passes - 1])})`,
    );
  }
}
rmSync(directory, { recursive: true, force: true });
