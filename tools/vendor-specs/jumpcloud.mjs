// Holds the simulator's answers against the vendor's OpenAPI document and against the recorded forms. The document has no
// required fields and forbids no others, so the key sets of the examples are checked besides.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { Ajv } from 'ajv';
import formats from 'ajv-formats';

import { startSimulator } from '../../apps/vendor-simulator/dist/index.js';

export const vendor = 'jumpcloud';

/**
 * @typedef {import('../check-vendor-specs.mjs').Body} Body
 * @typedef {import('../../apps/vendor-simulator/dist/index.js').Simulator} Simulator
 * @typedef {Record<string, unknown>} User
 * @typedef {{ status: number, body: Body }} Answer
 * @typedef {object} Spec
 * @property {(method: string, path: string, body?: unknown, apiKey?: string) => Promise<Answer>} call
 * @property {ResponseSchemas} schemas
 * @property {UserForm} form
 * @property {Body} envelope
 * @property {(name: string) => Body} example a recorded request or answer
 */

const LIST = '/systemusers';
const ONE = '/systemusers/{id}';
const UNKNOWN_ID = '0123456789abcdef01234567';
/** Left out when unset (the first three), or not there in older organizations. */
const OPTIONAL = ['alternateEmail', 'manager', 'password_expiration_date', 'state'];

/** @param {unknown} value */
function typeOf(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * @param {unknown} expected
 * @param {unknown} value
 */
function unequal(expected, value) {
  if (isDeepStrictEqual(value, expected)) return null;
  return `the answer is ${JSON.stringify(value).slice(0, 200)}, not ${JSON.stringify(expected)}`;
}

/** The OpenAPI document as one question: what is wrong with this body as the answer of that operation? */
class ResponseSchemas {
  constructor(/** @type {Body} */ document, /** @type {readonly User[]} */ recordedUsers) {
    this.document = structuredClone(document);
    // The recording shows nulls that the document does not declare; the recording is what the service did.
    const { properties } = this.document.components.schemas.systemuserreturn;
    for (const user of recordedUsers) {
      for (const [key, value] of Object.entries(user))
        if (value === null && properties[key]) properties[key].nullable = true;
    }
    // Not strict: a document of this kind has keywords (title, example) besides those of a schema.
    this.ajv = formats.default(new Ajv({ strict: false, allErrors: true }));
  }

  /**
   * Null when `body` fits; errors that the document does not describe for the operation are held against its `Error`.
   * @param {string} method
   * @param {string} path
   * @param {Answer} answer
   */
  problem(method, path, { status, body }) {
    const declared = this.document.paths[path][method.toLowerCase()].responses[status];
    const described = declared?.content?.['application/json']?.schema;
    if (!described && status < 400) return `status ${status} is not described for ${method} ${path}`;
    const schema = described ?? { $ref: '#/components/schemas/Error' };
    const { components } = this.document;
    if (this.ajv.validate({ ...schema, components }, body)) return null;
    return this.ajv.errorsText((this.ajv.errors ?? []).slice(0, 3), { dataVar: 'body' });
  }
}

/** Compares users with the examples' keys and types, and looks for keys that no source knows. */
class UserForm {
  constructor(/** @type {readonly User[]} */ recordedUsers, /** @type {readonly { properties: object }[]} */ schemas) {
    /** @type {Map<string, Set<string>>} */
    this.types = new Map();
    for (const [key, value] of recordedUsers.flatMap(Object.entries)) {
      this.types.set(key, (this.types.get(key) ?? new Set()).add(typeOf(value)));
    }
    this.known = new Set([...this.types.keys(), ...schemas.flatMap((schema) => Object.keys(schema.properties))]);
  }

  /** @param {User} user */
  problem(user) {
    const missing = [...this.types.keys()].filter((key) => !OPTIONAL.includes(key) && !(key in user));
    const unknown = Object.keys(user).filter((key) => !this.known.has(key));
    const changed = Object.keys(user).filter((key) => !this.hasType(key, typeOf(user[key])));
    const said = [
      ...missing.map((key) => `${key} is missing`),
      ...unknown.map((key) => `${key} is in no example and no document`),
      ...changed.map(
        (key) => `${key} is ${typeOf(user[key])}, in the example ${[...(this.types.get(key) ?? [])].join(' or ')}`,
      ),
    ];
    if (user.id !== user._id) said.push('id and _id differ');
    return said.length > 0 ? `user ${user._id}: ${said.slice(0, 3).join('; ')}` : null;
  }

  /**
   * Whether null is allowed, and what may stand in place of a recorded null, is for the document to say.
   * @param {string} key
   * @param {string} type
   */
  hasType(key, type) {
    const types = this.types.get(key);
    return !types || type === 'null' || types.has(type) || isDeepStrictEqual([...types], ['null']);
  }
}

/** @param {Simulator} simulator */
function client(simulator) {
  return async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {unknown} */ body,
    apiKey = simulator.credentials.jumpcloud.apiKey,
  ) => {
    const reply = await fetch(`${simulator.urls.jumpcloud}/api${path}`, {
      method,
      headers: { 'x-api-key': apiKey, accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    // An action answers with a string that may be empty.
    return { status: reply.status, body: text === '' ? '' : JSON.parse(text) };
  };
}

/**
 * @param {number} expected
 * @param {Answer} answer
 */
function statusProblem(expected, { status }) {
  return status === expected ? null : `the status is ${status}, not ${expected}`;
}

/**
 * Every page of 100, as a client reads them; the problem of the first page or user that has one.
 * @param {Spec} spec
 */
async function listProblem({ call, schemas, form, envelope }) {
  let total = 1;
  for (let skip = 0; skip < total; skip += 100) {
    const answer = await call('GET', `${LIST}?limit=100&sort=_id&skip=${skip}`);
    const found =
      statusProblem(200, answer) ??
      schemas.problem('GET', LIST, answer) ??
      unequal(Object.keys(envelope).sort(), Object.keys(answer.body).sort()) ??
      answer.body.results.map((/** @type {User} */ user) => form.problem(user)).find(Boolean);
    if (found) return `page at ${skip}: ${found}`;
    total = answer.body.totalCount;
  }
  return total > 100 ? null : `only ${total} users, so there was no second page`;
}

/** @param {Spec} spec */
function readPoints(spec) {
  const { call, schemas, example } = spec;
  const firstUser = async () => (await call('GET', `${LIST}?limit=1`)).body.results[0];
  return [
    { name: 'all pages of the list fit the document and the example', run: () => listProblem(spec) },
    {
      name: 'a page past the end has the total and nobody',
      run: async () => {
        const { totalCount } = (await call('GET', `${LIST}?limit=1`)).body;
        const answer = await call('GET', `${LIST}?limit=100&skip=${totalCount}`);
        const expected = { ...example('systemusers.past-the-end.response'), totalCount };
        return statusProblem(200, answer) ?? schemas.problem('GET', LIST, answer) ?? unequal(expected, answer.body);
      },
    },
    {
      name: 'one user fits the document and the example',
      run: async () => userProblem(spec, 'GET', ONE, await call('GET', `${LIST}/${(await firstUser())._id}`)),
    },
  ];
}

/**
 * @param {Spec} spec
 * @param {string} method
 * @param {string} path
 * @param {Answer} answer
 */
function userProblem({ schemas, form }, method, path, answer) {
  return statusProblem(200, answer) ?? schemas.problem(method, path, answer) ?? form.problem(answer.body);
}

/**
 * The points follow the life of the user in the example request, from creation to deletion.
 * @param {Spec} spec
 */
function actionPoints(spec) {
  const { call, schemas, example } = spec;
  const wanted = example('create.request');
  let id = UNKNOWN_ID;
  const read = async () => (await call('GET', `${LIST}/${id}`)).body;
  const action = (/** @type {string} */ name, /** @type {(user: User) => boolean} */ holds) => ({
    name: `${name} answers with a string and takes effect`,
    run: async () => {
      const answer = await call('POST', `${LIST}/${id}/${name}`);
      const found = statusProblem(200, answer) ?? schemas.problem('POST', `${ONE}/${name}`, answer);
      return found ?? (holds(await read()) ? null : `the user is unchanged after ${name}`);
    },
  });
  return [
    {
      name: 'the example request creates a user',
      run: async () => {
        const answer = await call('POST', LIST, wanted);
        id = answer.body._id ?? id;
        const given = Object.fromEntries(Object.keys(wanted).map((key) => [key, answer.body[key]]));
        return userProblem(spec, 'POST', LIST, answer) ?? unequal(wanted, given);
      },
    },
    {
      name: 'an update answers with the changed user',
      run: async () => {
        const answer = await call('PUT', `${LIST}/${id}`, { account_locked: true, suspended: true });
        const { account_locked: isLocked, suspended, state } = answer.body;
        return (
          userProblem(spec, 'PUT', ONE, answer) ?? unequal([true, true, 'SUSPENDED'], [isLocked, suspended, state])
        );
      },
    },
    action('unlock', (user) => user.account_locked === false),
    action('expire', (user) => user.password_expired === true),
    {
      name: 'a deletion answers with the deleted user',
      run: async () => {
        const before = await read();
        const answer = await call('DELETE', `${LIST}/${id}`);
        return userProblem(spec, 'DELETE', ONE, answer) ?? unequal(before, answer.body);
      },
    },
  ];
}

/**
 * `sample`: the example body the answer equals; without one a message is all that is known.
 * @param {Spec} spec
 * @param {string} name
 * @param {[status: number, method: string, path: string, url: string, body?: unknown, apiKey?: string]} request
 */
const errorPoint = ({ call, schemas }, name, [status, method, path, url, body, apiKey], sample = undefined) => ({
  name,
  run: async () => {
    const answer = await call(method, url, body, apiKey);
    const found = statusProblem(status, answer) ?? schemas.problem(method, path, answer);
    if (found || sample) return found ?? unequal(sample, answer.body);
    return typeof answer.body.message === 'string' ? null : 'the error has no message';
  },
});

/** @param {Spec} spec */
function errorPoints(spec) {
  const weak = { ...spec.example('create.request'), password: 'testexample1' };
  const detailed = `${LIST}?fullValidationDetails=password`;
  const unknown = `${LIST}/${UNKNOWN_ID}`;
  return [
    errorPoint(
      spec,
      'a limit over 100 is refused as in the example',
      [400, 'GET', LIST, `${LIST}?limit=101`],
      spec.example('error.limit.400'),
    ),
    errorPoint(
      spec,
      'a weak password is refused with the details of the example',
      [400, 'POST', LIST, detailed, weak],
      spec.example('error.validation-details.400'),
    ),
    errorPoint(spec, 'a wrong key is refused for the list', [401, 'GET', LIST, LIST, undefined, 'test-wrong']),
    errorPoint(spec, 'a wrong key is refused for actions', [401, 'DELETE', ONE, unknown, undefined, 'test-wrong']),
    errorPoint(spec, 'an unknown user is not found', [404, 'GET', ONE, unknown]),
    errorPoint(spec, 'an unknown user cannot be unlocked', [404, 'POST', `${ONE}/unlock`, `${unknown}/unlock`]),
    errorPoint(spec, 'an unknown user cannot be expired', [404, 'POST', `${ONE}/expire`, `${unknown}/expire`]),
  ];
}

/**
 * Holds a simulator of its own against the vendor's documents and recorded answers below `directory`.
 * @param {string} directory
 */
export async function check(directory) {
  const read = (/** @type {string} */ path) => JSON.parse(readFileSync(join(directory, vendor, path), 'utf8'));
  const example = (/** @type {string} */ name) => read(`examples/${name}.json`);
  const document = read('systemusers.openapi3.json');
  const envelope = example('systemusers.response');
  // The older document describes answers and errors, the newer one knows more fields.
  const userSchemas = [
    document.components.schemas.systemuserreturn,
    read('systemusers.swagger2.json').definitions.systemuserreturn,
  ];
  const simulator = await startSimulator({ company: 'demo' });
  try {
    const spec = {
      call: client(simulator),
      schemas: new ResponseSchemas(document, envelope.results),
      form: new UserForm(envelope.results, userSchemas),
      envelope,
      example,
    };
    const results = [];
    for (const { name, run } of [...readPoints(spec), ...actionPoints(spec), ...errorPoints(spec)]) {
      results.push({ name, problem: (await run()) ?? null });
    }
    return results;
  } finally {
    await simulator.stop();
  }
}
