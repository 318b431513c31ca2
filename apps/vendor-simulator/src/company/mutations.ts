import { z } from 'zod';

import { SimulatorError } from '../simulator.errors.js';
import type { Account, Attributes } from './account.js';
import type { AccountChange } from './changes.js';
import { report } from './company.js';
import type { StaffedCompany } from './demo-company.js';
import { attributesOf } from './directory.js';

const vendor = z.string().min(1);
/** Names one account by its id, or by its user name or e-mail. */
const account = { vendor, id: z.string().optional(), email: z.string().optional() };
const fields = z.record(z.string(), z.unknown());

/** One change of the company from outside the script. Fields are wire fields of the vendor; dots go into objects. */
export const mutationSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('remove-user'), ...account }),
  z.strictObject({ op: z.literal('remove-users'), vendor, count: z.int().positive() }),
  z.strictObject({
    op: z.literal('add-user'),
    vendor,
    email: z.string().optional(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    /** Whose account it is; without it a new person is hired. */
    personId: z.string().optional(),
    admin: z.boolean().optional(),
  }),
  z.strictObject({ op: z.literal('suspend'), ...account }),
  z.strictObject({ op: z.literal('restore'), ...account }),
  z.strictObject({ op: z.literal('rename-email'), ...account, newEmail: z.string() }),
  z.strictObject({ op: z.literal('swap-emails'), ...account, otherId: z.string() }),
  z.strictObject({ op: z.literal('set-field'), ...account, field: z.string().min(1), value: z.unknown() }),
  z.strictObject({ op: z.literal('remove-field'), ...account, field: z.string().min(1) }),
  z.strictObject({ op: z.literal('duplicate-id'), ...account, fields: fields.optional() }),
  z.strictObject({
    op: z.literal('plant-record'),
    vendor,
    id: z.string(),
    record: z.unknown().optional(),
    /** Wire text used as it is, for what JSON values cannot say (numbers over 2^53, broken text). */
    json: z.string().optional(),
  }),
]);

export type Mutation = z.input<typeof mutationSchema>;
type Parsed<Op extends Mutation['op']> = Extract<z.output<typeof mutationSchema>, { op: Op }>;

type Handlers = { [Op in Mutation['op']]: (staffed: StaffedCompany, mutation: Parsed<Op>) => AccountChange[] };

const handlers: Handlers = {
  'remove-user': ({ company }, one) => [company.removeAccount(one.vendor, target({ company }, one))],
  'remove-users': ({ company }, one) => {
    const ordinary = company.directory(one.vendor).accounts.filter((item) => !item.admin && item.personId !== null);
    return ordinary.slice(-one.count).map((item) => company.removeAccount(one.vendor, item));
  },
  'add-user': addUser,
  suspend: ({ company }, one) => [company.setActive(one.vendor, target({ company }, one), false)],
  restore: ({ company }, one) => [company.setActive(one.vendor, target({ company }, one), true)],
  'rename-email': ({ company }, one) => [company.setEmail(one.vendor, target({ company }, one), one.newEmail)],
  'swap-emails': ({ company }, one) => {
    const [first, second] = [target({ company }, one), target({ company }, { vendor: one.vendor, id: one.otherId })];
    const [firstEmail, secondEmail] = [first.email, second.email];
    return [company.setEmail(one.vendor, first, secondEmail), company.setEmail(one.vendor, second, firstEmail)];
  },
  'set-field': ({ company }, one) => [
    company.change(one.vendor, target({ company }, one), 'updated', (attributes) =>
      setAt(attributes, one.field, one.value),
    ),
  ],
  'remove-field': ({ company }, one) => [
    company.change(one.vendor, target({ company }, one), 'updated', (attributes) =>
      setAt(attributes, one.field, undefined),
    ),
  ],
  'duplicate-id': ({ company }, one) => {
    const original = target({ company }, one);
    const copy = attributesOf(original);
    for (const [field, value] of Object.entries(one.fields ?? {})) setAt(copy, field, value);
    const json = one.fields ? JSON.stringify(copy) : original.json;
    return [report(one.vendor, 'planted', company.directory(one.vendor).plant(original.id, json))];
  },
  'plant-record': ({ company }, one) => {
    const json = one.json ?? JSON.stringify(one.record ?? {});
    return [report(one.vendor, 'planted', company.directory(one.vendor).plant(one.id, json))];
  },
};

/** Applies one mutation and tells what it changed. Throws `unknown-vendor`, `unknown-account`, `invalid-request`. */
export function applyMutation(staffed: StaffedCompany, mutation: Mutation): AccountChange[] {
  const parsed = mutationSchema.parse(mutation);
  const handler = handlers[parsed.op] as (staffed: StaffedCompany, mutation: typeof parsed) => AccountChange[];
  return handler(staffed, parsed);
}

function addUser({ company, recruiter }: StaffedCompany, one: Parsed<'add-user'>): AccountChange[] {
  const { personId, firstName, lastName, email } = one;
  const known = personId === undefined ? undefined : company.people.get(personId);
  if (personId !== undefined && !known) {
    throw new SimulatorError('unknown-account', `There is no person "${personId}". GET /company lists all.`);
  }
  const given = Object.fromEntries(
    Object.entries({ firstName, lastName, email }).filter(([, value]) => value !== undefined),
  );
  const person = known ?? company.addPerson({ ...recruiter.next(company.clock.dayStartMs), ...given });
  return [company.addAccount(one.vendor, { ...person, ...given }, { active: true, admin: one.admin, grouped: true })];
}

function target(
  { company }: Pick<StaffedCompany, 'company'>,
  named: { vendor: string; id?: string; email?: string },
): Account {
  const directory = company.directory(named.vendor);
  const found =
    named.id !== undefined
      ? directory.find(named.id)
      : (directory.findByUsername(named.email ?? '') ?? directory.findByEmail(named.email ?? ''));
  if (found) return found;
  const name = named.id ?? named.email ?? '(neither id nor email given)';
  throw new SimulatorError('unknown-account', `${named.vendor} has no account ${name}. GET /company lists all.`);
}

/** Sets a dotted path; undefined removes the key. */
function setAt(attributes: Attributes, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let place = attributes;
  for (const key of keys) {
    const next = place[key];
    place = (typeof next === 'object' && next !== null ? next : (place[key] = {})) as Attributes;
  }
  if (value === undefined) delete place[last];
  else place[last] = value;
}
