import {
  type ConnectorContext,
  isJsonObject,
  pageDigest,
  parseVendorDate,
  readRecord,
  readRecords,
  textOrNull,
  type UserAnswer,
  type UserPage,
  type UserReference,
  VendorError,
} from '@rollcall/connector-kit';
import { hasVisibleCharacter, type RawUser, type Role, type SourceStatus } from '@rollcall/contracts';

import { getUserData } from './client.js';

const pageSize = 500;
const loginTime = { format: 'yyyy-mm-dd hh:mm:ss', zone: 'America/New_York' } as const;
/** The vendor has no roles; everybody is shown as one of its users, marked as a default (R129). */
const role: Role = { value: 'Users', origin: 'default' };

/** Only the vendor's own true and false count: a new form of the field is never read as inactive (V25). */
function statusOf(disabled: unknown): SourceStatus {
  if (disabled === true) return 'inactive';
  return disabled === false ? 'active' : 'unknown';
}

/** Whatever the vendor put under an id stays a user, so that a broken record is seen and not missing (B7). */
export function readUser(id: string, value: unknown): RawUser {
  const raw = isJsonObject(value) ? value : {};
  return {
    id,
    status: statusOf(raw['disabled']),
    role,
    lastActivityAt: parseVendorDate(raw['last_login'], loginTime),
    administrator: raw['admin'] === true,
    username: textOrNull(raw['username']),
    raw,
  };
}

/** Pages are counted from 0; the last one is where the stated total is reached. */
export async function* listUsers({ http }: ConnectorContext): AsyncGenerator<UserPage> {
  for (let pageindex = 0; ; pageindex += 1) {
    const { users, total, count, answer } = await getUserData(http, 'list', { pagesize: pageSize, pageindex });
    // Without a total nothing proves the end; readAllUsers refuses such a page.
    const last = total === null || (pageindex + 1) * pageSize >= total;
    checkPageCount(users.length, count, last, pageindex + 1);
    yield {
      users: readRecords(
        users,
        ([id, user]) => readUser(id, user),
        ([, user]) => user,
      ),
      askedAt: answer.askedAt,
      last,
      total,
      digest: pageDigest(answer.text),
    };
    if (last) return;
  }
}

/** Two ids alike on one page leave one user behind in the parsed map; a page that is not full shifts all after it. */
function checkPageCount(found: number, count: number | null, last: boolean, page: number): void {
  const isShort = !last && found > 0 && found !== pageSize;
  if ((count === null || count === found) && !isShort) return;
  throw new VendorError(
    'read-count-mismatch',
    `Page ${page} of LastPass holds ${found} users, but ${isShort ? pageSize : count} were announced.`,
    { retriable: true, details: { page } },
  );
}

/** There is no call by id: the name is asked for and the id compared (P16). */
export async function getUser({ http }: ConnectorContext, reference: UserReference): Promise<UserAnswer> {
  const { vendorId, username } = reference;
  if (username === null || !hasVisibleCharacter(username)) {
    throw new VendorError(
      'vendor-refused',
      'LastPass finds single users by their user name only, and this record has none.',
    );
  }
  const { users } = await getUserData(http, 'get', { username });
  const [first, second] = users;
  if (second !== undefined) {
    throw new VendorError('vendor-answer-unexpected', 'LastPass answered several users when asked for one.');
  }
  if (first === undefined) return { kind: 'gone', text: `LastPass has no user called ${username}.` };
  const [id, value] = first;
  const user = readRecord(value, () => readUser(id, value));
  if (user.username?.toLowerCase() !== username.toLowerCase()) {
    throw new VendorError('vendor-answer-unexpected', 'LastPass answered another user than the one asked for.');
  }
  if (id === vendorId) return { kind: 'found', user };
  return {
    kind: 'gone',
    text: `The name ${username} now belongs to the LastPass user with id ${id}, not ${vendorId}.`,
  };
}

/** The cheapest read: one user. */
export async function check({ http }: ConnectorContext): Promise<void> {
  await getUserData(http, 'check', { pagesize: 1, pageindex: 0 });
}
