// The vendor publishes no machine-readable document, so the simulator's answers are held against the recorded forms:
// the same keys, the same types, the same way of writing dates and numbers; ids, people and counts may differ.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { startSimulator } from '../../apps/vendor-simulator/dist/index.js';

export const vendor = 'lastpass';

/**
 * @typedef {import('../check-vendor-specs.mjs').Body} Body
 * @typedef {import('../../apps/vendor-simulator/dist/index.js').Simulator} Simulator
 * @typedef {import('../../apps/vendor-simulator/dist/index.js').CompanyTruth} CompanyTruth
 * @typedef {Record<string, unknown> & { username: string, admin: boolean, disabled: boolean, neverloggedin: boolean }} User
 * @typedef {{ Users: Record<string, User>, invited?: string[] }} Page
 * @typedef {{ status: number, contentType: string | null, text: string }} Answer
 * @typedef {(cmd: string, data: unknown, secret?: string) => Promise<Answer>} Call
 * @typedef {(name: string) => Body} Example a recorded request or answer
 * @typedef {ReturnType<typeof casting>} Cast
 */

const CONTENT_TYPE = 'text/xml;charset=UTF-8';
const NOBODY = 'nobody@example.com';
/** Objects whose keys are ids or names of the company, not fields. */
const MAPS = ['Users', 'Groups'];
/** Fields of the listing that the vendor leaves out when there is nothing to say. */
const OPTIONAL = ['Groups', 'invited'];

/**
 * The form of a value; a date or number written as text is a form of its own, because a client has to parse it.
 * @param {unknown} value
 */
function formOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value !== 'string') return typeof value;
  if (value === '') return 'empty text';
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return 'date text';
  return /^\d+(\.\d+)?$/.test(value) ? 'number text' : 'text';
}

/** All values below `samples`: array items, or the entries of a map. */
const within = (/** @type {readonly object[]} */ samples) => samples.flatMap((sample) => Object.values(sample));

/**
 * Differences in form between `value` and the samples, as sentences with the path. Several samples of one thing are taken
 * together: a form that one of them has is right, a key that one of them lacks may be absent.
 * @param {readonly Body[]} samples
 * @param {Body} value
 * @param {string} path
 * @returns {string[]}
 */
function differences(samples, value, path, isMap = false) {
  const forms = new Set(samples.map(formOf));
  const form = formOf(value);
  if (!forms.has(form)) return [`${path} is ${form}, the example has ${[...forms].join(' or ')}`];
  const alike = samples.filter((sample) => formOf(sample) === form);
  if (form === 'array' || (form === 'object' && isMap)) {
    const items = within(alike);
    // An empty sample says nothing about items.
    if (items.length === 0) return [];
    return Object.entries(value).flatMap(([key, item]) => differences(items, item, `${path}.${key}`));
  }
  return form === 'object' ? fieldDifferences(alike, value, path) : [];
}

/**
 * @param {readonly Body[]} samples
 * @param {Body} value
 * @param {string} path
 * @returns {string[]}
 */
function fieldDifferences(samples, value, path) {
  const known = new Set(samples.flatMap(Object.keys));
  const required = [...known].filter((key) => !OPTIONAL.includes(key) && samples.every((one) => key in one));
  const missing = required.filter((key) => !(key in value)).map((key) => `${path}.${key} is missing`);
  const fields = Object.entries(value).flatMap(([key, field]) => {
    if (!known.has(key)) return [`${path}.${key} is not in the example`];
    const given = samples.filter((one) => key in one).map((one) => one[key]);
    return differences(given, field, `${path}.${key}`, MAPS.includes(key));
  });
  return [...missing, ...fields];
}

/**
 * The first differences as one sentence; null when there is none.
 * @param {readonly string[]} found
 */
function sentence(found) {
  if (found.length === 0) return null;
  return found.slice(0, 3).join('; ') + (found.length > 3 ? `; and ${found.length - 3} more` : '');
}

const differs = (
  /** @type {Body} */ example,
  /** @type {Body} */ value,
  /** @type {readonly string[]} */ planted = [],
) => sentence(differences([example], value, 'body').filter((found) => !planted.includes(found)));

/**
 * The demo company has one person whose date is a text on purpose; that very difference is no defect.
 * @param {CompanyTruth} companyTruth
 */
function plantedDifferences({ people }) {
  return people
    .filter(({ oddity }) => oddity === 'date-as-text')
    .flatMap(({ accounts }) => accounts.filter((account) => account.vendor === vendor))
    .map(({ id }) => `body.Users.${id}.created is text, the example has date text`);
}

/**
 * @param {unknown} example
 * @param {unknown} value
 */
function unequal(example, value) {
  if (isDeepStrictEqual(value, example)) return null;
  return `the answer is ${JSON.stringify(value).slice(0, 200)}, the example ${JSON.stringify(example)}`;
}

/**
 * JSON under an XML content type and status 200, failures included: clients rely on all three.
 * @param {Answer} answer
 */
function wireProblem({ status, contentType }) {
  if (status !== 200) return `the status is ${status}, not 200`;
  return contentType === CONTENT_TYPE ? null : `the content type is ${contentType}, not ${CONTENT_TYPE}`;
}

/** @param {Simulator} simulator */
function client(simulator) {
  const { cid, provhash } = simulator.credentials.lastpass;
  return async (/** @type {string} */ cmd, /** @type {unknown} */ data, secret = provhash) => {
    const reply = await fetch(`${simulator.urls.lastpass}/enterpriseapi.php`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cid: Number(cid), provhash: secret, cmd, data }),
    });
    return { status: reply.status, contentType: reply.headers.get('content-type'), text: await reply.text() };
  };
}

/** A point whose answer is JSON and judged by `judge(body)`. */
const jsonPoint = (
  /** @type {string} */ name,
  /** @type {() => Promise<Answer>} */ ask,
  /** @type {(body: Body) => string | null} */ judge,
) => ({
  name,
  run: async () => {
    const answer = await ask();
    return wireProblem(answer) ?? judge(JSON.parse(answer.text));
  },
});

/**
 * Who never logged in has no figures: the fields that are null in the example are null in every such answer.
 * @param {Page} example
 * @param {Page} page
 */
function neverLoggedInProblem(example, page) {
  const never = (/** @type {Page['Users']} */ users) => Object.values(users).filter((user) => user.neverloggedin);
  const sample = never(example.Users)[0];
  const keys = Object.keys(sample).filter((key) => sample[key] === null || sample[key] === '');
  const users = never(page.Users);
  if (users.length === 0) return 'nobody in the answer never logged in, so nothing could be compared';
  return sentence(
    users.flatMap((user) =>
      keys
        .filter((key) => user[key] !== sample[key])
        .map((key) => `${user.username} has ${key} ${JSON.stringify(user[key])}, not ${JSON.stringify(sample[key])}`),
    ),
  );
}

/**
 * @param {Call} call
 * @param {Example} example
 * @param {(file: string) => string} text
 * @param {readonly string[]} planted
 */
function readPoints(call, example, text, planted) {
  const { cmd, data } = example('getuserdata.request');
  const page = example('getuserdata.response');
  const all = { ...data, pagesize: 1000 };
  const beyond = { ...data, pageindex: 1000 };
  return [
    jsonPoint(
      'a page of getuserdata has the form of the example',
      () => call(cmd, data),
      (body) => differs(page, body, planted),
    ),
    jsonPoint(
      'all users have the form of the example',
      () => call(cmd, all),
      (body) => differs(page, body, planted),
    ),
    jsonPoint(
      'who never logged in has no figures',
      () => call(cmd, all),
      (body) => neverLoggedInProblem(page, body),
    ),
    jsonPoint(
      'an unknown user is an empty array',
      () => call(cmd, { username: NOBODY }),
      (body) => unequal(example('getuserdata.no-such-user.response'), body),
    ),
    jsonPoint(
      'a page past the end is an empty array',
      () => call(cmd, beyond),
      (body) => unequal(example('getuserdata.no-such-user.response').Users, body.Users),
    ),
    {
      name: 'a wrong secret is answered with the XML of the example',
      run: async () => {
        const answer = await call(cmd, data, 'test-wrong-hash');
        const expected = text('authorization-error.response.xml');
        return wireProblem(answer) ?? (answer.text === expected ? null : `the body is ${JSON.stringify(answer.text)}`);
      },
    },
  ];
}

/**
 * Different people for the actions, because some of them leave nobody behind.
 * @param {Page} page
 */
function casting({ Users, invited = [] }) {
  const users = Object.values(Users).filter((user) => !user.admin);
  const disabled = users.filter((user) => user.disabled);
  const pending = users.filter((user) => user.neverloggedin && !user.disabled);
  const active = users.filter((user) => !user.disabled && !user.neverloggedin);
  const take = (/** @type {User[]} */ from) => from.pop()?.username ?? '';
  return {
    active: () => take(active),
    disabled: () => take(disabled),
    pending: () => take(pending),
    invited: () => invited[0] ?? take(pending),
  };
}

/** @type {Record<string, keyof Cast>} */
const ACTORS = { 'reinvite-user': 'pending', 'uninvite-user': 'invited' };

/**
 * @param {Call} call
 * @param {Example} example
 * @param {string} directory
 * @param {Cast} people
 */
function actionPoints(call, example, directory, people) {
  const requests = readdirSync(directory)
    .filter((file) => file.endsWith('.request.json') && !file.startsWith('getuserdata'))
    .map((file) => file.replace('.request.json', ''));
  const onUser = (/** @type {string} */ name, /** @type {string} */ username) => {
    const { cmd, data } = example(`${name}.request`);
    return call(cmd, { ...data, username });
  };
  const accepted = requests.map((name) =>
    jsonPoint(
      `the example request ${name} is accepted`,
      () => onUser(name, people[ACTORS[name] ?? 'active']()),
      (body) => unequal(example('action-ok.response'), body),
    ),
  );
  return [
    ...accepted,
    jsonPoint(
      'a failed action gives its reason as a string',
      () => onUser('deactivate-user', NOBODY),
      (body) => unequal(example('action-fail-string.response'), body),
    ),
    jsonPoint(
      'a failed password reset gives its reason as an array',
      () => onUser('reset-password', NOBODY),
      (body) => unequal(example('action-fail-array.response'), body),
    ),
    ...batchPoints(call, example, people),
  ];
}

/**
 * @param {Call} call
 * @param {Example} example
 * @param {Cast} people
 */
function batchPoints(call, example, people) {
  const statusAndForm = (/** @type {Body} */ sample, /** @type {Body} */ body) =>
    unequal(sample.status, body.status) ?? differs(sample, body);
  const on = people.active();
  const off = people.disabled();
  return [
    jsonPoint(
      'a batch with one refused user warns',
      () => call('batchadd', [{ username: people.active() }]),
      (body) => statusAndForm(example('batch-warn.response'), body),
    ),
    jsonPoint(
      'disableuser tells changed and unchanged users apart',
      () => call('disableuser', [on, off]),
      (body) =>
        statusAndForm(example('disableuser.response'), body) ??
        unequal([[on], [off]], [body.disabled_users, body.unchanged_users]),
    ),
  ];
}

/**
 * Holds a simulator of its own against the vendor's recorded answers below `directory`.
 * @param {string} directory
 */
export async function check(directory) {
  const examples = join(directory, vendor, 'examples');
  const text = (/** @type {string} */ file) => readFileSync(join(examples, file), 'utf8');
  const example = (/** @type {string} */ name) => JSON.parse(text(`${name}.json`));
  const simulator = await startSimulator({ company: 'demo' });
  try {
    const call = client(simulator);
    const everybody = JSON.parse((await call('getuserdata', { pagesize: 1000, pageindex: 0 })).text);
    const points = [
      ...readPoints(call, example, text, plantedDifferences(simulator.control.company())),
      ...actionPoints(call, example, examples, casting(everybody)),
    ];
    const results = [];
    for (const { name, run } of points) results.push({ name, problem: await run() });
    return results;
  } finally {
    await simulator.stop();
  }
}
