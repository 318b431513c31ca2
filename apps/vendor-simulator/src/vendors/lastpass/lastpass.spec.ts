import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';

interface UserData {
  total?: number;
  count?: number;
  Users: Record<string, Record<string, unknown>> | [];
  Groups?: Record<string, string[]>;
  invited?: string[];
}

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['lastpass', 'jumpcloud', 'entra'] });
});
afterEach(() => simulator.stop());

function post(body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${simulator.urls.lastpass}/enterpriseapi.php`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
const command = async (cmd: string, data?: unknown) =>
  JSON.parse(await (await post({ ...simulator.credentials.lastpass, cmd, data })).text()) as Record<string, unknown>;
const userData = async (data?: unknown) => (await command('getuserdata', data)) as unknown as UserData;
const accounts = () => simulator.control.company().vendors.lastpass?.accounts ?? [];
const effects = () =>
  simulator.control.ledger().flatMap((entry) => (entry.kind === 'effect' ? [`${entry.effect} ${entry.id}`] : []));

function ordinary() {
  const account = accounts().find((one) => one.active && !one.admin && one.name.includes('Head') === false);
  if (!account) throw new Error('nobody is active');
  return account;
}

describe('LastPass authorization', () => {
  const denied = '<?xml version="1.0" encoding="UTF-8"?>\n<lastpass rc="Authorization Error"/>\n';

  it.each([
    ['a wrong company id', { cid: '1' }],
    ['a wrong hash', { provhash: 'test-wrong' }],
    ['no hash', { provhash: undefined }],
  ])('answers %s with XML and status 200', async (_case, wrong) => {
    const reply = await post({ ...simulator.credentials.lastpass, cmd: 'getuserdata', ...wrong });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/xml;charset=UTF-8');
    expect(await reply.text()).toBe(denied);
  });

  it('takes a form as older clients send it', async () => {
    const form = new URLSearchParams({ ...simulator.credentials.lastpass, cmd: 'getuserdata' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const read = async (body: string) => {
      const reply = await fetch(`${simulator.urls.lastpass}/enterpriseapi.php`, { method: 'POST', headers, body });
      return JSON.parse(await reply.text()) as UserData;
    };
    expect((await read(form.toString())).count).toBe(accounts().length);
    form.set('data', '{"pagesize":2}');
    expect((await read(form.toString())).count).toBe(2);
    form.set('provhash', 'test-wrong');
    await expect(read(form.toString())).rejects.toThrow(/Authorization|token|JSON/);
  });

  it('lists everybody for an empty user name', async () => {
    expect((await userData({ username: '' })).count).toBe(accounts().length);
  });

  it('takes the company id as a number, too, and ignores an Authorization header and cookies', async () => {
    const { cid, provhash } = simulator.credentials.lastpass;
    const headers = { authorization: 'Basic dGVzdDp0ZXN0', cookie: '_abck=test' };
    const reply = await post({ cid: Number(cid), provhash, cmd: 'getuserdata', data: { pagesize: 1 } }, headers);
    expect(await reply.json()).toMatchObject({ count: 1 });
  });
});

describe('LastPass getuserdata', () => {
  it('serves JSON as text/xml with an anti-bot cookie', async () => {
    const reply = await post({ ...simulator.credentials.lastpass, cmd: 'getuserdata', data: { pagesize: 2 } });
    expect(reply.headers.get('content-type')).toBe('text/xml;charset=UTF-8');
    expect(reply.headers.get('set-cookie')).toContain('_abck=');
    expect(Object.keys(((await reply.json()) as UserData).Users)).toHaveLength(2);
  });

  it('pages from zero with total and count until everybody was served once', async () => {
    const seen: string[] = [];
    let pageindex = 0;
    for (; ; pageindex += 1) {
      const page = await userData({ pagesize: 50, pageindex });
      expect(page.total).toBe(accounts().length);
      expect(page.count).toBe(Object.keys(page.Users).length);
      seen.push(...Object.keys(page.Users));
      if ((pageindex + 1) * 50 >= (page.total ?? 0)) break;
    }
    expect(seen.sort()).toEqual(
      accounts()
        .map((account) => account.id)
        .sort(),
    );
    expect(await userData({ pagesize: 50, pageindex: pageindex + 1 })).toMatchObject({ count: 0, Users: [] });
  });

  it('gives all at once without data', async () => {
    expect((await userData()).count).toBe(accounts().length);
    expect((await userData(null)).count).toBe(accounts().length);
  });

  it('types strength and score as strings, counters as integers, dates as Eastern local time', async () => {
    const { Users } = await userData({ username: ordinary().username });
    const [user] = Object.values(Users);
    expect(user?.mpstrength).toMatch(/^\d+$/);
    expect(user?.totalscore).toMatch(/^\d+(\.\d)?$/);
    expect(Number.isInteger(user?.sites)).toBe(true);
    for (const field of ['created', 'last_pw_change', 'last_login']) {
      expect(user?.[field]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    }
    expect(user).not.toHaveProperty('id');
  });

  it('has nulls and an empty last login for whoever never logged in', async () => {
    const { people } = simulator.control.company();
    const { email } = people.find((person) => person.oddity === 'never-logged-in') ?? { email: '' };
    const [user] = Object.values((await userData({ username: email })).Users);
    expect(user).toMatchObject({
      neverloggedin: true,
      password_reset_required: true,
      last_login: '',
      totalscore: null,
      sites: null,
      notes: null,
      formfills: null,
      applications: null,
      attachments: null,
      mpstrength: '0',
    });
  });

  it('lists groups by e-mail and the invited', async () => {
    const page = await userData({ pagesize: 30, pageindex: 0 });
    const [user] = Object.values(page.Users);
    const [group] = user?.groups as string[];
    expect(page.Groups?.[group ?? '']).toContain(user?.username);
    expect(page.invited).toHaveLength(2);
  });

  it('filters by disabled and admin, as numbers or booleans', async () => {
    const inactive = accounts().filter((account) => !account.active).length;
    for (const disabled of [1, true]) expect((await userData({ disabled })).total).toBe(inactive);
    for (const admin of [1, true]) expect((await userData({ admin })).total).toBe(1);
    expect((await userData({ disabled: 0, admin: 0 })).total).toBe(accounts().length - inactive - 1);
  });

  it('answers an unknown user with an empty list instead of an object', async () => {
    expect(await userData({ username: 'nobody@harbour.example' })).toEqual({ Users: [] });
  });
});

describe('LastPass actions', () => {
  it.each([
    [0, 'disable'],
    [1, 'remove'],
    [2, 'delete'],
  ])('deluser with action %i has the effect %s', async (deleteaction, name) => {
    const { id, username } = ordinary();
    expect(await command('deluser', { username, deleteaction })).toEqual({ status: 'OK' });
    expect(effects()).toEqual([`${name} ${id}`]);
    expect(accounts().find((account) => account.id === id)?.active).toBe(deleteaction === 0 ? false : undefined);
  });

  it('deluser with action 3 takes back an invitation, but no accepted account', async () => {
    const [invited] = simulator.control.company().vendors.lastpass?.invitations ?? [];
    expect(await command('deluser', { username: invited, deleteaction: 3 })).toEqual({ status: 'OK' });
    expect((await userData({ pagesize: 1 })).invited).not.toContain(invited);
    const { username } = ordinary();
    expect(await command('deluser', { username, deleteaction: 3 })).toMatchObject({ status: 'FAIL' });
  });

  it('disabling twice is one effect', async () => {
    const { username } = ordinary();
    await command('deluser', { username, deleteaction: 0 });
    expect(await command('deluser', { username, deleteaction: 0 })).toEqual({ status: 'OK' });
    expect(effects()).toHaveLength(1);
  });

  it('gives the reason as a string, and as an array for resetpassword', async () => {
    const username = 'nobody@harbour.example';
    const missing = { status: 'FAIL', error: `No such user: ${username}` };
    expect(await command('deluser', { username, deleteaction: 2 })).toEqual(missing);
    expect(await command('requiremasterpasswordchange', { username })).toEqual(missing);
    expect(await command('reinviteuser', { username })).toEqual(missing);
    expect(await command('resetpassword', { username })).toEqual({
      status: 'FAIL',
      error: [`user not found: ${username}`],
    });
  });

  it('disableuser and enableuser tell changed from unchanged', async () => {
    const { username } = ordinary();
    const disable = () => command('disableuser', [username]);
    expect(await disable()).toEqual({ status: 'success', disabled_users: [username], unchanged_users: [] });
    expect(await disable()).toEqual({ status: 'success', disabled_users: [], unchanged_users: [username] });
    expect(await command('enableuser', [username, 'nobody@harbour.example'])).toEqual({
      status: 'success',
      enabled_users: [username],
      unchanged_users: [],
      error: ['No such user: nobody@harbour.example'],
    });
  });

  it('requires a password change, resets a password, invites again, updates', async () => {
    const { id, username } = ordinary();
    expect(await command('requiremasterpasswordchange', { username })).toEqual({ status: 'OK' });
    expect(Object.values((await userData({ username })).Users)[0]).toMatchObject({ password_reset_required: true });
    expect(await command('resetpassword', { username })).toEqual({ status: 'OK' });
    expect(await command('reinviteuser', { username })).toEqual({ status: 'OK' });
    expect(await command('updateuser', { username, fullname: 'Other Name' })).toEqual({ status: 'OK' });
    expect(effects()).toEqual(['expire', 'reset-password', 'reinvite', 'update'].map((name) => `${name} ${id}`));
  });

  it('batchadd adds, and warns about those who exist', async () => {
    const known = ordinary().username;
    expect(await command('batchadd', [{ username: 'new@harbour.example', fullname: 'New' }])).toEqual({ status: 'OK' });
    expect(await command('batchadd', [{ username: known }])).toEqual({
      status: 'WARN',
      errors: [`${known} already exists`],
    });
    expect(Object.values((await userData({ username: 'new@harbour.example' })).Users)[0]).toMatchObject({
      fullname: 'New',
      neverloggedin: true,
    });
  });

  it('fails an unknown command with status 200', async () => {
    expect(await command('nonsense')).toMatchObject({ status: 'FAIL' });
  });
});
