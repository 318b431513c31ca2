/** People and accounts of an invented company of any size, as mapping stores them. The same number gives the same person. */
import { createHash } from 'node:crypto';

import { countAccounts } from '@rollcall/collections';

export const integrations = ['11111111-2222-7333-8444-555555555551', '11111111-2222-7333-8444-555555555552'];
const first = ['Anna', 'Ben', 'Chloé', 'David', 'Emma', 'Fritz', 'Gina', 'Hugo', 'Ines', 'Jan', 'Kira', 'Luis'];
const departments = ['Sales', 'Engineering', 'Finance', 'Operations', 'Support', 'Marketing'];
const startMs = Date.UTC(2026, 0, 1);

/** @param {number} number */
const timeOf = (number) => new Date(startMs + number * 17_000).toISOString();
/** @param {number} number */
const hashOf = (number) => createHash('sha256').update(String(number)).digest();

/** @param {number} number */
function idOf(number) {
  const hex = (startMs + number * 17).toString(16).padStart(12, '0');
  const rest = hashOf(number).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** @param {number} number */
export function nameOf(number) {
  const at = hashOf(number).readUInt32BE(4);
  return `${first[at % first.length]} Name${at % 999_983}`;
}

/**
 * One in twenty is in the smallest department, has left, or owns something still.
 * @param {number} from
 * @param {number} count
 */
export function buildDocuments(from, count) {
  /** @type {{ people: import('@rollcall/collections').PersonDocument[], accounts: import('@rollcall/collections').AccountDocument[] }} */
  const made = { people: [], accounts: [] };
  for (let number = from; number < from + count; number += 1) {
    const person = idOf(number);
    const hasLeft = number % 20 === 3;
    const values = valuesOf(number);
    const created = createdOf(number, integrations[0]);
    const own = integrations.map((integration, at) =>
      accountOf({ integration, number, person, values, created, active: at === 0 ? !hasLeft : number % 100 !== 3 }),
    );
    made.accounts.push(...own);
    if (number % 500 === 7) {
      const active = number % 1000 === 7;
      made.accounts.push({ ...own[1], _id: `${own[1]._id}-extra`, person: null, active });
    }
    const isChanged = hasLeft || number % 10 === 1;
    made.people.push({
      _id: person,
      revision: isChanged ? 2 : 1,
      active: !hasLeft,
      values,
      provenance: Object.fromEntries(Object.keys(values).map((name) => [name, own[0]._id])),
      overrides: {},
      hold: null,
      protected: false,
      refused: [],
      mergedInto: null,
      deactivated: hasLeft ? { run: `run-${number % 50}`, time: timeOf(number + 1_000) } : null,
      created,
      fold: 1,
      settingsVersion: 1,
      keys: [`email:${values.email}`],
      ...(isChanged ? { changed: { time: timeOf(number + 1_000), cause: created.cause } } : {}),
      ...countAccounts(own),
    });
  }
  return made;
}

/** @param {number} number */
function valuesOf(number) {
  const name = nameOf(number);
  const department = number % 400 === 0 ? 'Legal' : departments[number % departments.length];
  return {
    username: `user${number}`,
    email: `user${number}@example.com`,
    role: number % 50 === 0 ? 'Contractor' : 'Employee',
    display_name: name,
    first_name: name.split(' ')[0],
    last_name: name.split(' ')[1],
    job_title: `Title ${number % 300}`,
    department,
  };
}

/**
 * @param {number} number
 * @param {string} integration
 * @returns {import('@rollcall/contracts').Created}
 */
function createdOf(number, integration) {
  const position = `p07-0001/${String(Math.floor(number / 1000)).padStart(12, '0')}`;
  const cause = { kind: /** @type {const} */ ('run'), run: 'first-run', integration, initial: true };
  return { position, number: number % 1000, time: timeOf(number), cause };
}

/**
 * @param {{ integration: string, number: number, person: string, values: ReturnType<typeof valuesOf>, created: ReturnType<typeof createdOf>, active: boolean }} of
 * @returns {import('@rollcall/collections').AccountDocument}
 */
function accountOf({ integration, number, person, values, created, active }) {
  const isSecond = integration === integrations[1];
  const tells = isSecond && number % 3 === 0;
  const isUnused = tells && number % 30 === 0;
  return {
    _id: `${integration}:user-${number}`,
    revision: 1,
    integration,
    connector: isSecond ? 'second' : 'first',
    vendorId: `user-${number}`,
    username: values.username,
    app: `app-${isSecond ? 1 : 0}`,
    content: 'user-and-saas-user',
    active,
    sourceStatus: active ? 'active' : 'inactive',
    role: { value: values.role, origin: 'vendor' },
    lastActivityAt: tells && !isUnused ? timeOf((number * 7919) % 1_000_003) : null,
    administrator: false,
    protected: false,
    hold: null,
    values: { email: values.email, display_name: values.display_name },
    person,
    passive: false,
    error: null,
    deactivated: null,
    created,
    hash: hashOf(number).toString('base64'),
    observedAt: startMs,
    ...(isUnused && active ? { neverUsed: true } : {}),
  };
}
