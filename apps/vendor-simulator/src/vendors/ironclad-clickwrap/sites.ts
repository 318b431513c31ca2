import { attributesOf, type Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import type { ListRequest } from './list-request.js';
import { collection } from './members.js';
import { badRequest } from './replies.js';

/** The account that both sites of the company belong to. */
export const ACCOUNT = 1042;

const SITES = [
  { id: 311, name: 'Harbour Example', account: ACCOUNT, access_id: 'test-site-311', time_zone: 'America/New_York' },
  { id: 312, name: 'Harbour Example EU', account: ACCOUNT, access_id: 'test-site-312', time_zone: 'Europe/Berlin' },
].map((site) => ({
  ...site,
  created_time: '2020-04-02T10:11:12.000+00:00',
  updated_time: '2024-04-02T10:11:12.000+00:00',
}));

export const isSite = (id: string): boolean => SITES.some((site) => String(site.id) === id);

/** `GET /sites`. */
export function listSites(request: ListRequest | string, bend: ListBend): Reply {
  if (typeof request === 'string') return badRequest(request);
  return collection(SITES, request, bend, (site) => JSON.stringify(site));
}

/** `GET /sites/{id}/memberships`: the first member owns the site. */
export function listMemberships(
  directory: Directory,
  site: string,
  request: ListRequest | string,
  bend: ListBend,
): Reply {
  if (typeof request === 'string') return badRequest(request);
  const members = directory.sortedById();
  return collection(members, request, bend, (account) =>
    JSON.stringify({
      id: `site-${site}-${account.id}`,
      role: account === members[0] ? 'owner' : 'member',
      membership_type: 'site',
      site: Number(site),
      created_time: '2024-04-02T10:11:12.000Z',
      user: attributesOf(account),
    }),
  );
}
