// Holds the connector's fields and the simulator's answers against the vendor's metadata document (CSDL), the table of
// filter operators and the examples. Ids, people, times and tokens may differ; names, types and words may not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { startSimulator } from '../../apps/vendor-simulator/dist/index.js';
import { manifests } from '../../libs/connectors/dist/manifests.js';
import { ADVANCED, FIELD_TYPES, filterPoints } from './entra/filter-points.mjs';

export const vendor = 'entra';

/**
 * @typedef {import('../check-vendor-specs.mjs').Body} Body
 * @typedef {import('../../apps/vendor-simulator/dist/index.js').Simulator} Simulator
 * @typedef {{ status: number, body: Body }} Answer
 * @typedef {{ type: string, nullable: boolean }} Property
 * @typedef {Map<string, Property>} Properties
 * @typedef {object} Spec
 * @property {Client} client
 * @property {Properties} properties
 * @property {Record<string, Record<string, string | null>>} operators what the table says of each property
 * @property {(name: string) => Body} example a recorded request or answer
 */

const { fields } = manifests[vendor];
const SELECT = fields.map(({ path }) => path);
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The properties of a user with those of its base types: name → { type, nullable }.
 * @param {string} csdl
 */
function propertiesOf(csdl) {
  /** @type {Properties} */
  const properties = new Map();
  for (const type of ['entity', 'directoryObject', 'user']) {
    const [, body = ''] = new RegExp(`<EntityType Name="${type}"[^>]*>(.*?)</EntityType>`, 's').exec(csdl) ?? [];
    for (const [, name, rest] of body.matchAll(/<Property Name="(\w+)" ([^>]*)>/g)) {
      const [, edmType = ''] = /Type="([^"]+)"/.exec(rest) ?? [];
      properties.set(name, { type: edmType, nullable: !rest.includes('Nullable="false"') });
    }
  }
  return properties;
}

/** @type {Record<string, (value: unknown) => boolean>} */
const fitsType = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isInteger(value),
  'Edm.DateTimeOffset': (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(value)),
};

/**
 * @param {Property} property
 * @param {unknown} value
 */
function valueProblem({ type, nullable }, value) {
  if (value === null) return nullable ? null : 'is null';
  if (type.startsWith('Collection(')) return Array.isArray(value) ? null : 'is no list';
  const fits = fitsType[type] ?? ((/** @type {unknown} */ other) => typeof other === 'object');
  return fits(value) ? null : `is no ${type}: ${JSON.stringify(value)}`;
}

/**
 * @param {Properties} properties
 * @param {readonly string[]} keys
 * @param {Body} user
 */
function userProblem(properties, keys, user) {
  if (!isDeepStrictEqual(Object.keys(user), keys)) return `user ${user.id} has the keys ${Object.keys(user)}`;
  for (const [key, value] of Object.entries(user)) {
    const found = valueProblem(/** @type {Property} */ (properties.get(key)), value);
    if (found) return `${key} of user ${user.id} ${found}`;
  }
  return null;
}

const statusProblem = (/** @type {number} */ expected, /** @type {Answer} */ { status }) =>
  status === expected ? null : `the status is ${status}, not ${expected}`;

/**
 * Two bodies with the same keys at every depth, the same words, and values of the same kind elsewhere.
 * @param {Body} expected
 * @param {Body} value
 * @param {readonly string[]} same
 * @returns {string | null}
 */
function formProblem(expected, value, same, path = 'body') {
  if (typeof expected !== 'object' || expected === null) {
    const isFixed = same.includes(String(path.split('.').at(-1)));
    if (isFixed && value !== expected) return `${path} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`;
    return typeof value === typeof expected ? null : `${path} is ${typeof value}, not ${typeof expected}`;
  }
  if (typeof value !== 'object' || value === null) return `${path} is no object`;
  const [wanted, given] = [Object.keys(expected).sort(), Object.keys(value).sort()];
  if (!isDeepStrictEqual(wanted, given)) return `${path} has ${given.join(', ')}, not ${wanted.join(', ')}`;
  return wanted.map((key) => formProblem(expected[key], value[key], same, `${path}.${key}`)).find(Boolean) ?? null;
}

class Client {
  constructor(/** @type {Simulator} */ simulator) {
    this.simulator = simulator;
    this.origin = simulator.urls[vendor];
  }

  async token(changes = {}) {
    const { tenantId, clientId, clientSecret } = this.simulator.credentials[vendor];
    const scope = 'https://graph.microsoft.com/.default';
    const form = { client_id: clientId, client_secret: clientSecret, scope, grant_type: 'client_credentials' };
    const body = new URLSearchParams({ ...form, ...changes });
    const reply = await fetch(`${this.origin}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
    return { status: reply.status, body: /** @type {Body} */ (await reply.json()) };
  }

  async signIn() {
    this.bearer = (await this.token()).body.access_token;
  }

  /**
   * @param path below /v1.0, or a whole link
   * @param {string} path
   */
  async get(path, headers = {}, bearer = this.bearer) {
    const url = path.startsWith('http') ? path : `${this.origin}/v1.0${path}`;
    const reply = await fetch(url, { headers: { authorization: `Bearer ${bearer}`, ...headers } });
    return { status: reply.status, body: /** @type {Body} */ (await reply.json()), headers: reply.headers };
  }
}

/** @param {Spec} spec */
function fieldPoints({ properties, example }) {
  return [
    {
      name: 'every field of the connector is a property of the document, of its type',
      run: () => {
        const wrong = fields.find(({ path, type }) => properties.get(path)?.type !== FIELD_TYPES[type]);
        return wrong ? `${wrong.path} (${wrong.type}) is ${JSON.stringify(properties.get(wrong.path))}` : null;
      },
    },
    {
      name: 'the example user has exactly the fields of the connector',
      run: () => {
        const [user] = example('users.page1.response').value;
        const [wanted, given] = [[...SELECT].sort(), Object.keys(user).sort()];
        return isDeepStrictEqual(wanted, given) ? null : `the example has ${given.join(', ')}`;
      },
    },
  ];
}

/**
 * The envelope of a page as the examples have it; links and contexts differ in their origin only.
 * @param {Spec} spec
 * @param {Body} body
 * @param {boolean} isFirst
 * @param {boolean} isLast
 */
function envelopeProblem({ client, example }, body, isFirst, isLast) {
  const first = example('users.page1.response');
  const wanted = Object.keys(first).filter(
    (key) => (isFirst || key !== '@odata.count') && (!isLast || key !== '@odata.nextLink'),
  );
  if (!isDeepStrictEqual(Object.keys(body), wanted)) return `the page has ${Object.keys(body).join(', ')}`;
  const context = `${client.origin}/v1.0/$metadata#users(${SELECT.join(',')})`;
  if (body['@odata.context'] !== context) return `the context is ${body['@odata.context']}`;
  const link = `${client.origin}/v1.0/users?$select=${SELECT.join(',')}&$top=100&$count=true&$skiptoken=`;
  if (!isLast && !body['@odata.nextLink'].startsWith(link)) return `the next link is ${body['@odata.nextLink']}`;
  return null;
}

/** @param {Spec} spec */
async function listProblem(spec) {
  const { client, properties } = spec;
  let next = `/users?$select=${SELECT.join(',')}&$top=100&$count=true`;
  let pages = 0;
  while (next !== undefined) {
    const answer = await client.get(next, ADVANCED);
    const { body } = answer;
    next = body['@odata.nextLink'];
    const found =
      statusProblem(200, answer) ??
      envelopeProblem(spec, body, pages === 0, next === undefined) ??
      body.value.map((/** @type {Body} */ user) => userProblem(properties, SELECT, user)).find(Boolean);
    pages += 1;
    if (found) return `page ${pages}: ${found}`;
  }
  return pages > 1 ? null : 'there was no second page';
}

/** @param {Spec} spec */
function readPoints(spec) {
  const { client, properties, example } = spec;
  const one = async (query = '') => {
    const { body } = await client.get('/users?$top=1&$select=id');
    return client.get(`/users/${body.value[0].id}${query}`);
  };
  return [
    { name: 'all pages of the list fit the document and the examples', run: () => listProblem(spec) },
    {
      name: 'the token fits the example',
      run: async () => {
        const answer = await client.token();
        const { ext_expires_in: extended, ...body } = answer.body;
        const found = statusProblem(200, answer) ?? formProblem(example('token.response'), body, ['token_type']);
        return found ?? (typeof extended === 'number' ? null : 'ext_expires_in is no number');
      },
    },
    {
      name: 'one user can show every property of the document',
      run: async () => {
        const names = [...properties.keys()].filter((name) => name !== 'signInActivity');
        const answer = await one(`?$select=${names.join(',')}`);
        const { '@odata.context': context, ...user } = answer.body;
        if (!context?.endsWith('/$entity')) return `the context is ${context}`;
        return statusProblem(200, answer) ?? userProblem(properties, names, user);
      },
    },
    {
      name: 'a round of changes ends as in the example',
      run: async () => {
        const path = '/users/delta?$select=displayName,accountEnabled';
        const latest = (await client.get(`${path}&$deltatoken=latest`)).body['@odata.deltaLink'];
        const [changed, removed] = (await client.get('/users?$top=2&$select=id')).body.value.map(
          (/** @type {{ id: string }} */ { id }) => id,
        );
        client.simulator.control.mutate([
          { op: 'suspend', vendor, id: changed },
          { op: 'remove-user', vendor, id: removed },
        ]);
        const answer = await client.get(latest);
        const expected = example('delta.deltalink.response');
        const fixed = ['reason'];
        return statusProblem(200, answer) ?? formProblem(expected, answer.body, fixed);
      },
    },
  ];
}

const WORDS = ['code', 'message', 'status'];

/**
 * @param {number} status
 * @param {Body} expected
 * @param {Answer} answer
 */
function errorProblem(status, expected, answer) {
  const found = statusProblem(status, answer) ?? formProblem(expected, answer.body, WORDS);
  if (found) return found;
  const { date, 'request-id': requestId } = answer.body.error.innerError;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date)) return `the date is ${date}`;
  return GUID.test(requestId) ? null : `the request id is ${requestId}`;
}

/** @param {Spec} spec */
function errorPoints({ client, example }) {
  const point = (
    /** @type {string} */ name,
    /** @type {string} */ sample,
    /** @type {number} */ status,
    /** @type {() => Promise<Answer>} */ ask,
  ) => ({
    name,
    run: async () => errorProblem(status, example(sample), await ask()),
  });
  const fault = async (/** @type {number} */ status) => {
    client.simulator.control.addFaults([{ vendor, fault: { kind: 'status', status } }]);
    return client.get('/users');
  };
  return [
    point('a bad token is refused as in the example', 'error.bad-token.401', 401, () =>
      client.get('/users', {}, 'test-wrong'),
    ),
    point('a missing permission is refused as in the example', 'error.forbidden.403', 403, () => fault(403)),
    point('too many requests are refused as in the example', 'error.throttled.429', 429, () => fault(429)),
    point('a filter without syntax is refused as in the example', 'error.invalid-filter-syntax.400', 400, () =>
      client.get("/users?$filter=city like 'a'"),
    ),
    point('a filter that needs more is refused as in the example', 'error.unsupported-filter.400', 400, () =>
      client.get("/users?$filter=employeeType in ('Admin')"),
    ),
    {
      name: 'a scope that is not valid is refused as in the example',
      run: async () => {
        const answer = await client.token({ scope: 'User.Read.All' });
        const expected = example('token.invalid_scope.400');
        const found = statusProblem(400, answer) ?? formProblem(expected, answer.body, ['error', '0']);
        const pattern = (/** @type {string} */ text) =>
          text.replace(/[0-9a-f-]{36}/g, 'guid').replace(/\d{4}-\d\d-\d\d \S+/g, 'time');
        const [wanted, given] = [expected, answer.body].map((body) => pattern(body.error_description));
        return found ?? (wanted === given ? null : `the description is ${given}`);
      },
    },
  ];
}

/**
 * Holds the connector's fields and a simulator of its own against the documents and examples below `directory`.
 * @param {string} directory
 */
export async function check(directory) {
  const read = (/** @type {string} */ path) => readFileSync(join(directory, vendor, path), 'utf8');
  const simulator = await startSimulator({ company: 'demo', vendors: [vendor] });
  try {
    const client = new Client(simulator);
    await client.signIn();
    const spec = {
      client,
      properties: propertiesOf(read('graph-v1.0-user.csdl.xml')),
      operators: JSON.parse(read('user-filter-operators.json')).properties,
      example: (/** @type {string} */ name) => JSON.parse(read(`examples/${name}.json`)),
    };
    const results = [];
    const points = [fieldPoints, readPoints, errorPoints, filterPoints].flatMap(
      /** @returns {{ name: string, run: () => unknown }[]} */ (pointsOf) => pointsOf(spec),
    );
    for (const { name, run } of points) {
      results.push({ name, problem: (await run()) ?? null });
    }
    return results;
  } finally {
    await simulator.stop();
  }
}
