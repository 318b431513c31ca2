import { type ConnectorContext, isJsonObject, VendorError, type VendorRequest } from '@rollcall/connector-kit';

import { listSites, unexpected } from './client.js';

const perPage = 100;
/** No company has so many sites; a listing that goes on is broken. */
const mostPages = 50;
const digits = /^[1-9]\d{0,15}$/;

function givenAccount(inputs: Readonly<Record<string, string>>): string {
  return Object.hasOwn(inputs, 'accountId') ? (inputs['accountId'] ?? '').trim() : '';
}

/** What is wrong with the optional Account ID, without asking the vendor. */
export function accountIdProblems(_load: string, inputs: Readonly<Record<string, string>>): readonly string[] {
  const given = givenAccount(inputs);
  if (given === '' || digits.test(given)) return [];
  return ['"Account ID" is a number at Ironclad Clickwrap, for example 4711. Correct it, or leave it empty.'];
}

/**
 * The account whose members are listed: the given one, or the only one of the sites that the key sees. Several cannot be
 * told apart here, and a listing of one of them would make everybody else look like a leaver.
 */
export async function findAccount(context: ConnectorContext, operation: VendorRequest['operation']): Promise<string> {
  const given = givenAccount(context.inputs);
  if (given !== '') return given;
  const accounts = new Set<string>();
  for (let page = 1; ; page += 1) {
    const { data, hasMore } = await listSites(context, operation, { page, perPage });
    for (const site of data) accounts.add(accountOf(site));
    if (!hasMore) break;
    if (page >= mostPages || data.length === 0) throw unexpected('a list of sites that does not end');
  }
  const [first, ...others] = accounts;
  if (first !== undefined && others.length === 0) return first;
  throw first === undefined ? noAccount() : severalAccounts([first, ...others]);
}

/** A site names its account by number; other forms of it are expanded objects, which nobody asked for. */
function accountOf(site: unknown): string {
  const account = isJsonObject(site) ? site['account'] : undefined;
  if (typeof account === 'number' && Number.isSafeInteger(account) && account > 0) return String(account);
  throw unexpected('a site without the number of its account');
}

function noAccount(): VendorError {
  return new VendorError(
    'vendor-refused',
    'Ironclad Clickwrap shows no site to this key, so its account is not known. Give the key the rights on a site, or enter the Account ID in the integration.',
  );
}

function severalAccounts(accounts: readonly string[]): VendorError {
  const named = accounts.slice(0, 10).join(', ');
  return new VendorError(
    'vendor-refused',
    `The key sees sites of ${accounts.length} Ironclad Clickwrap accounts (${named}). Enter the one to read as Account ID in the integration; make one integration for each.`,
  );
}
