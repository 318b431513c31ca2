/**
 * @typedef {import('../entra.mjs').Property} Property
 * @typedef {import('../entra.mjs').Spec} Spec
 */

export const ADVANCED = { consistencylevel: 'eventual' };

/** @type {Record<string, string>} */
export const FIELD_TYPES = { text: 'Edm.String', boolean: 'Edm.Boolean', 'date-time': 'Edm.DateTimeOffset' };

/** @type {Record<string, string>} */
const TEXT = { text: "'a'", boolean: 'true', 'date-time': '2024-01-01T00:00:00Z' };

/**
 * One clause per operator of the table.
 * @type {Record<string, (name: string, value: string) => string>}
 */
const CLAUSES = {
  eq: (name, value) => `${name} eq ${value}`,
  ne: (name, value) => `${name} ne ${value}`,
  NOT: (name, value) => `not(${name} eq ${value})`,
  ge: (name, value) => `${name} ge ${value}`,
  le: (name, value) => `${name} le ${value}`,
  in: (name, value) => `${name} in (${value})`,
  startsWith: (name) => `startsWith(${name},'a')`,
  'null values': (name) => `${name} eq null`,
};

/**
 * `startsWith` of what is no text is a matter of types, and those are not part of the table.
 * @param {string} name
 * @param {Record<string, string | null>} table
 * @param {Property} property
 */
function clausesOf(name, table, { type }) {
  const isText = type === 'Edm.String';
  const value = TEXT[Object.keys(FIELD_TYPES).find((key) => FIELD_TYPES[key] === type) ?? ''];
  return Object.entries(table)
    .filter(([operator]) => isText || operator !== 'startsWith')
    .map(([operator, support]) => ({ filter: CLAUSES[operator](name, value), support }));
}

/**
 * @param {Spec['client']} client
 * @param {string} filter
 */
async function supportOf(client, filter) {
  const path = `/users?$top=1&$select=id&$filter=${encodeURIComponent(filter)}`;
  if ((await client.get(path)).status === 200) return 'default';
  const { status, body } = await client.get(`${path}&$count=true`, ADVANCED);
  if (status === 200) return 'advanced';
  return body.error.code === 'Request_UnsupportedQuery' ? null : body.error.message;
}

/** @param {Spec} spec */
export function filterPoints({ client, properties, operators }) {
  return Object.entries(operators).map(([name, table]) => ({
    name: `filters by ${name} work as the table says`,
    run: async () => {
      for (const { filter, support } of clausesOf(name, table, /** @type {Property} */ (properties.get(name)))) {
        const given = await supportOf(client, filter);
        if (given !== support) return `${filter} is ${given}, in the table ${support}`;
      }
      return null;
    },
  }));
}
