import { z } from 'zod';

import type { Account, Attributes } from '../../company/account.js';
import type { Effect, EffectName, Reply, VendorContext } from '../vendor.js';
import { easternTime } from './eastern-time.js';
import { fail, json, ok } from './replies.js';

type Context = Pick<VendorContext<unknown>, 'directory' | 'clock' | 'random'>;
type Command = (context: Context, data: unknown) => Reply;

const userSchema = z.object({ username: z.string() });
const deleteSchema = userSchema.extend({ deleteaction: z.coerce.number().int().min(0).max(3) });
const updateSchema = userSchema.extend({ fullname: z.string().optional(), duousername: z.string().nullish() });
const newUserSchema = userSchema.extend({
  fullname: z.string().optional(),
  groups: z.array(z.string()).optional(),
  duousername: z.string().optional(),
  password_reset_required: z.boolean().optional(),
});

const effect = (name: EffectName, { id, username }: Account): Effect => ({ effect: name, id, username });
const noSuchUser = (username: string): Reply => fail(`No such user: ${username}`);

/** Commands about one user: parse, find, act. */
function onUser<T extends { username: string }>(
  schema: z.ZodType<T>,
  act: (context: Context, account: Account, data: T) => Reply,
  unknown: (username: string) => Reply = noSuchUser,
): Command {
  return (context, data) => {
    const parsed = schema.safeParse(data);
    if (!parsed.success) return fail('Missing or invalid data');
    const account = context.directory.findByUsername(parsed.data.username);
    return account ? act(context, account, parsed.data) : unknown(parsed.data.username);
  };
}

function edit(
  context: Context,
  account: Account,
  name: EffectName,
  change: (attributes: Attributes) => void,
): Effect[] {
  return context.directory.update(account, change) ? [effect(name, account)] : [];
}

function setDisabled(context: Context, account: Account, disabled: boolean): Effect[] {
  return edit(context, account, disabled ? 'disable' : 'enable', (attributes) => {
    attributes.disabled = disabled;
  });
}

/** What `deleteaction` 0 to 3 mean for somebody who has an account. */
const DELETE_ACTIONS: readonly ((context: Context, account: Account) => Reply)[] = [
  (context, account) => ok(...setDisabled(context, account, true)),
  (context, account) => take(context, account, 'remove'),
  (context, account) => take(context, account, 'delete'),
  (context, account) => {
    const attributes = JSON.parse(account.json) as Attributes;
    if (attributes.neverloggedin !== true) return fail(`User is not invited: ${account.username}`);
    return take(context, account, 'uninvite');
  },
];

function take(context: Context, account: Account, name: EffectName): Reply {
  context.directory.remove(account);
  return ok(effect(name, account));
}

const deleteUser: Command = (context, data) => {
  const parsed = deleteSchema.safeParse(data);
  if (!parsed.success) return fail('Missing or invalid data');
  const { username, deleteaction } = parsed.data;
  const { directory } = context;
  if (deleteaction === 3 && directory.invitations.delete(username)) {
    // Somebody who never accepted has no id yet.
    return ok({ effect: 'uninvite', id: '', username });
  }
  const account = directory.findByUsername(username);
  const act = DELETE_ACTIONS[deleteaction];
  return account && act ? act(context, account) : noSuchUser(username);
};

/** `disableuser` and `enableuser`: a list of e-mails, told apart into changed and unchanged. */
function switchUsers(disabled: boolean): Command {
  return (context, data) => {
    const parsed = z.array(z.string()).safeParse(data);
    if (!parsed.success) return fail('Missing or invalid data');
    const changed: string[] = [];
    const unchanged: string[] = [];
    const unknown: string[] = [];
    const effects: Effect[] = [];
    for (const username of parsed.data) {
      const account = context.directory.findByUsername(username);
      const done = account ? setDisabled(context, account, disabled) : [];
      effects.push(...done);
      (account ? (done.length > 0 ? changed : unchanged) : unknown).push(username);
    }
    const list = disabled ? 'disabled_users' : 'enabled_users';
    const error = unknown.length > 0 ? { error: unknown.map((username) => `No such user: ${username}`) } : {};
    return json({ status: 'success', [list]: changed, unchanged_users: unchanged, ...error }, effects);
  };
}

const batchAdd: Command = (context, data) => {
  const parsed = z.array(newUserSchema).safeParse(data);
  if (!parsed.success) return fail('Missing or invalid data');
  const errors: string[] = [];
  const effects: Effect[] = [];
  for (const user of parsed.data) {
    if (context.directory.findByUsername(user.username)) errors.push(`${user.username} already exists`);
    else effects.push(effect('create', addUser(context, user)));
  }
  return json(errors.length > 0 ? { status: 'WARN', errors } : { status: 'OK' }, effects);
};

function addUser({ directory, clock, random }: Context, user: z.output<typeof newUserSchema>): Account {
  const { shape } = directory;
  const serial = directory.nextSerial();
  const createdMs = clock.nowMs();
  const id = shape.newId(random, serial, createdMs);
  const person = {
    id: '',
    firstName: user.fullname ?? '',
    lastName: '',
    email: user.username,
    jobTitle: '',
    department: '',
    hiredMs: createdMs,
    status: 'employed' as const,
  };
  const overrides = {
    created: easternTime(createdMs),
    duousername: user.duousername ?? null,
    password_reset_required: user.password_reset_required ?? true,
    groups: user.groups ?? [],
  };
  const traits = { active: true, loggedIn: false, overrides };
  return directory.add(id, shape.build({ id, serial, person, traits, createdMs, random }), null);
}

/** Every command but `getuserdata`. Failures are status 200, too. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  deluser: deleteUser,
  disableuser: switchUsers(true),
  enableuser: switchUsers(false),
  batchadd: batchAdd,
  updateuser: onUser(updateSchema, (context, account, { fullname, duousername }) =>
    ok(
      ...edit(context, account, 'update', (attributes) => {
        if (fullname !== undefined) attributes.fullname = fullname;
        if (duousername !== undefined) attributes.duousername = duousername;
      }),
    ),
  ),
  requiremasterpasswordchange: onUser(userSchema, (context, account) => {
    context.directory.update(account, (attributes) => {
      attributes.password_reset_required = true;
    });
    return ok(effect('expire', account));
  }),
  reinviteuser: onUser(userSchema, (_context, account) => ok(effect('reinvite', account))),
  resetpassword: onUser(
    userSchema,
    (_context, account) => ok(effect('reset-password', account)),
    (username) => fail([`user not found: ${username}`]),
  ),
};
