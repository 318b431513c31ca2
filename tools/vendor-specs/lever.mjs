// Holds the simulator's answers against the vendor's recorded forms: key sets, types and the marks of paging.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startSimulator } from '../../apps/vendor-simulator/dist/index.js';
import { manifests } from '../../libs/connectors/dist/manifests.js';

/** @typedef {import('../check-vendor-specs.mjs').Body} Body */

export const vendor = 'lever';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const typeOf = (/** @type {unknown} */ value) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/**
 * What differs between two forms: keys that one lacks, and types that were never seen. Null when they agree.
 * @param {object} found
 * @param {readonly object[]} recorded
 */
function formProblem(found, recorded) {
  const types = new Map();
  for (const [key, value] of recorded.flatMap(Object.entries)) {
    types.set(key, (types.get(key) ?? new Set()).add(typeOf(value)));
  }
  for (const key of types.keys()) if (!(key in found)) return `the key ${key} is missing`;
  for (const [key, value] of Object.entries(found)) {
    const known = types.get(key);
    if (!known) return `the key ${key} stands in no recording`;
    // The recordings are few, so a field that was null in all of them may hold anything.
    const onlyNull = known.size === 1 && known.has('null');
    if (value !== null && !onlyNull && !known.has(typeOf(value))) return `${key} is ${typeOf(value)}`;
  }
  return null;
}

const sameKeys = (/** @type {object} */ found, /** @type {object} */ recorded) => {
  const [ours, theirs] = [Object.keys(found).sort().join(), Object.keys(recorded).sort().join()];
  return ours === theirs ? null : `the keys are ${ours}, not ${theirs}`;
};

/** @param {string} directory */
export async function check(directory) {
  const example = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(directory, 'lever/examples', `${name}.json`), 'utf8'));
  const [first, last] = [example('users.page1.response'), example('users.last-page.response')];
  const users = [
    ...first.data,
    ...last.data,
    example('user-deactivated.response').data,
    example('user-reactivated.response').data,
  ];
  const simulator = await startSimulator({ seed: 'specs', company: 'load:30', vendors: ['lever'], rateLimit: null });
  const call = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    key = simulator.credentials.lever.apiKey,
  ) => {
    const authorization = `Basic ${Buffer.from(`${key}: `).toString('base64')}`;
    const reply = await fetch(`${simulator.urls.lever}/v1${path}`, { method, headers: { authorization } });
    /** @type {Body} */
    const body = await reply.json();
    return { status: reply.status, body };
  };
  try {
    const page = await call('GET', '/users?limit=10&includeDeactivated=true');
    const whole = await call('GET', '/users?limit=100');
    const [user] = page.body.data;
    const gone = await call('POST', `/users/${user.id}/deactivate`);
    const back = await call('POST', `/users/${user.id}/reactivate`);
    const refused = await call('GET', '/users', 'test-wrong');
    const unknown = await call('GET', `/users/${UNKNOWN_ID}`);
    const notFound = example('error.404');
    const paths = new Set(users.flatMap(Object.keys));
    const point = (/** @type {string} */ name, /** @type {string | null} */ problem) => ({ name, problem });
    return [
      point('a page that goes on has the recorded keys', sameKeys(page.body, first)),
      point('the last page leaves `next` out', sameKeys(whole.body, last)),
      point(
        'the cursor looks like the recorded ones',
        /^%5B\d{13}%2C%22[0-9a-f-]{36}%22%5D$/.test(page.body.next) ? null : page.body.next,
      ),
      ...page.body.data
        .slice(0, 3)
        .map((/** @type {object} */ one, /** @type {number} */ index) =>
          point(`user ${index + 1} has the recorded form`, formProblem(one, users)),
        ),
      point(
        'a deactivated user carries the time',
        Number.isInteger(gone.body.data.deactivatedAt)
          ? formProblem(gone.body.data, users)
          : 'deactivatedAt is no time',
      ),
      point(
        'a reactivated user carries null',
        back.body.data.deactivatedAt === null ? formProblem(back.body.data, users) : 'deactivatedAt is not null',
      ),
      point(
        'a wrong key is refused in the recorded words',
        JSON.stringify(refused) === JSON.stringify({ status: 401, body: example('error.401') })
          ? null
          : JSON.stringify(refused),
      ),
      point(
        'an unknown user is refused in the recorded words',
        unknown.status === 404 &&
          unknown.body.code === notFound.code &&
          unknown.body.message === notFound.message.replace(/[0-9a-f-]{36}/, UNKNOWN_ID)
          ? null
          : JSON.stringify(unknown),
      ),
      ...manifests.lever.fields.map(({ label, path }) =>
        point(`field "${label}" exists`, paths.has(path) ? null : `no recording has ${path}`),
      ),
    ];
  } finally {
    await simulator.stop();
  }
}
