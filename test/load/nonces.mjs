/**
 * Encrypts ten million times under one data key in four processes, and looks for a nonce that came twice (`npm run bench:nonces`;
 * reliability: P26). Figures, not a test.
 */
import { fork } from 'node:child_process';

import { dataKeyFrom, dataKeyUseLimit, encryptField, SecretString } from '@rollcall/secrets';

const encryptions = Number(process.env.BENCH_ENCRYPTIONS ?? 10_000_000);
const processes = 4;
const nonceBytes = 12;
/** Nonces are compared by their first 64 bits: where these differ, the nonces do. */
const comparedBytes = 8;
const perMessage = 50_000;

const { send } = process;
if (send) await encrypt(Number(process.argv[2]), process.argv[3], (message, done) => send.call(process, message, done));
else await look();

/**
 * @param {(message: string, done: () => void) => void} send
 * @param {number} count
 * @param {string} keyText
 */
async function encrypt(count, keyText, send) {
  const dataKey = dataKeyFrom('bench', Buffer.from(keyText, 'base64'));
  if (!dataKey) throw new Error('the data key was refused');
  const place = {
    ...{ credentialId: 'bench', connector: 'example-vendor', type: 'basic' },
    ...{ origin: 'https://vendor.example.com', field: 'password', version: 1 },
  };
  const value = new SecretString('example-password');
  for (let done = 0; done < count;) {
    const size = Math.min(perMessage, count - done);
    const bytes = Buffer.alloc(size * nonceBytes);
    for (let at = 0; at < size; at += 1) {
      bytes.write(encryptField(dataKey, place, value).split('.')[2], at * nonceBytes, 'base64url');
    }
    done += size;
    await new Promise((resolve) => send(bytes.toString('base64'), () => resolve(undefined)));
  }
  process.disconnect();
}

async function look() {
  const started = performance.now();
  const key = Buffer.alloc(32, 7).toString('base64');
  const each = Math.ceil(encryptions / processes);
  const seen = new BigUint64Array(each * processes);
  let count = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const child = fork(new URL(import.meta.url).pathname, [String(each), key]);
      child.on('message', (message) => {
        const bytes = Buffer.from(String(message), 'base64');
        for (let at = 0; at < bytes.length; at += nonceBytes) {
          seen[count] = bytes.subarray(at, at + comparedBytes).readBigUInt64BE();
          count += 1;
        }
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve(undefined) : reject(new Error(`a process ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: processes }, one));
  const seconds = (performance.now() - started) / 1000;
  seen.sort();
  let equal = 0;
  for (let at = 1; at < seen.length; at += 1) if (seen[at] === seen[at - 1]) equal += 1;
  console.log(
    `${count} encryptions in ${processes} processes: ${seconds.toFixed(1)} s, ${Math.round(count / seconds)}/s`,
  );
  console.log(`nonces with equal first 64 bits: ${equal}`);
  console.log(`a data key is replaced after ${dataKeyUseLimit} encryptions`);
  if (equal > 0 || count !== seen.length) process.exitCode = 1;
}
