import {
  expiredCursor,
  isJsonObject,
  parseVendorJson,
  textOrNull,
  unexpectedAnswer,
  type VendorAnswer,
  VendorError,
  type VendorHttp,
  type VendorRequest,
} from '@rollcall/connector-kit';

/** One answer of `getuserdata`: users by id, and the totals where the vendor states them. */
export interface UserData {
  readonly users: readonly (readonly [id: string, user: unknown])[];
  readonly total: number | null;
  readonly count: number | null;
  readonly answer: VendorAnswer;
}

type Data = Readonly<Record<string, string | number>>;

const unexpected = (what: string): VendorError => unexpectedAnswer('LastPass', `${what}, which is not a list of users`);

/** A failed command also has status 200; its text is a string or a list of strings. */
function checkStatus(body: Record<string, unknown>): void {
  const reasons = [body['error'], body['errors']].flat().filter((reason) => reason !== undefined && reason !== null);
  const status = body['status'] ?? 'ok';
  const isFine = typeof status === 'string' && ['ok', 'success'].includes(status.toLowerCase());
  if (isFine && reasons.length === 0) return;
  const first = reasons.find((reason) => textOrNull(reason) !== null);
  const words = typeof first === 'string' ? `: "${first.slice(0, 200)}"` : ' without saying why';
  throw new VendorError('vendor-refused', `LastPass refused the request${words}.`);
}

/** An empty map arrives as an empty list, because that is how the vendor's server writes one. */
function entriesOf(users: unknown): [string, unknown][] {
  if (isJsonObject(users)) return Object.entries(users);
  if (Array.isArray(users) && users.length === 0) return [];
  throw unexpected('without a map of users');
}

function countOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected('with a total that is not a number');
}

/**
 * `cmd: getuserdata`, the vendor's only call that reads users (its shape: README). Address, method and the fields of
 * every body: https://support.lastpass.com/help/disable-users-via-lastpass-api
 */
export async function getUserData(
  http: VendorHttp,
  operation: VendorRequest['operation'],
  data: Data,
): Promise<UserData> {
  const json = { cmd: 'getuserdata', data };
  const answer = await http.request({ operation, method: 'POST', path: '/enterpriseapi.php', json });
  if (answer.status !== 200) {
    const isLaterPage = typeof data['pageindex'] === 'number' && data['pageindex'] > 0;
    throw (isLaterPage ? expiredCursor('LastPass', answer, {}) : null) ?? unexpected(`with status ${answer.status}`);
  }
  // The content type says text/xml although the body is JSON, so only the shape counts (V10).
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body)) throw unexpected('with something else than an object');
  checkStatus(body);
  return { users: entriesOf(body['Users']), total: countOf(body['total']), count: countOf(body['count']), answer };
}
