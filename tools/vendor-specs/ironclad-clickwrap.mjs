// Holds the simulator's answers against the vendor's OpenAPI document (a subset without required fields), and their key
// sets against the examples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { Ajv } from 'ajv';
import formats from 'ajv-formats';

import { startSimulator } from '../../apps/vendor-simulator/dist/index.js';
import { manifests } from '../../libs/connectors/dist/manifests.js';

/** @typedef {import('../check-vendor-specs.mjs').Body} Body */

export const vendor = 'ironclad-clickwrap';

const MEMBERS = '/accounts/{account_id}/members';

/**
 * What is wrong with a body as the answer of that operation; null when it fits.
 * @param {Body} document
 * @param {string} path
 * @param {Body} body
 */
function schemaProblem(document, path, body) {
  // Not strict: a document of this kind has keywords besides those of a schema.
  const ajv = formats.default(new Ajv({ strict: false, allErrors: true }));
  const { schema } = document.paths[path].get.responses['200'].content['application/json'];
  if (ajv.validate({ ...schema, components: document.components }, body)) return null;
  return ajv.errorsText((ajv.errors ?? []).slice(0, 3), { dataVar: 'body' });
}

/**
 * The document leaves nulls out that its own examples cannot show: an address not yet verified has no time.
 * @param {Body} document
 */
function withNulls(document) {
  const copy = structuredClone(document);
  const { properties } = copy.components.schemas.User;
  if (properties?.verified_time) properties.verified_time.nullable = true;
  return copy;
}

const keysProblem = (/** @type {object} */ found, /** @type {object} */ recorded) => {
  const [ours, theirs] = [Object.keys(found).sort(), Object.keys(recorded).sort()];
  return isDeepStrictEqual(ours, theirs) ? null : `the keys are ${ours}, not ${theirs}`;
};

/** @param {string} directory */
export async function check(directory) {
  const read = (/** @type {string} */ file) =>
    JSON.parse(readFileSync(join(directory, 'ironclad-clickwrap', file), 'utf8'));
  const document = withNulls(read('members.openapi3.json'));
  const example = read('examples/members.page1.response.json');
  const simulator = await startSimulator({ seed: 'specs', company: 'load:30', vendors: [vendor], rateLimit: null });
  const get = async (/** @type {string} */ path, token = simulator.credentials[vendor].accessToken) => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${simulator.urls[vendor]}/v1.1${path}`, { headers });
    /** @type {Body} */
    const body = await reply.json();
    return { status: reply.status, body };
  };
  try {
    const sites = await get('/sites');
    const { account, id } = sites.body.data[0];
    const members = await get(`/accounts/${account}/members?page=2&per_page=10`);
    const memberships = await get(`/sites/${id}/memberships`);
    const refused = await get('/sites', 'test-wrong');
    const known = Object.keys(document.components.schemas.User.properties);
    const point = (/** @type {string} */ name, /** @type {string | null} */ problem) => ({ name, problem });
    return [
      point('a page of members fits the document', schemaProblem(document, MEMBERS, members.body)),
      point('a page of members has the keys of the example', keysProblem(members.body, example)),
      point('a member has the keys of the example', keysProblem(members.body.data[0], example.data[0])),
      point(
        'a profile has the keys of the example',
        keysProblem(members.body.data[0].profiles[0], example.data[0].profiles[0]),
      ),
      point('the sites fit the document', schemaProblem(document, '/sites', sites.body)),
      point(
        'the memberships of a site fit the document',
        schemaProblem(document, '/sites/{site_id}/memberships', memberships.body),
      ),
      point('a wrong token is refused with 401', refused.status === 401 ? null : `the status is ${refused.status}`),
      ...manifests[vendor].fields.map(({ label, path }) =>
        point(`field "${label}" exists`, known.includes(path) ? null : `the document has no ${path}`),
      ),
    ];
  } finally {
    await simulator.stop();
  }
}
