import type { CredentialType } from '@rollcall/contracts';

/** What an administrator enters to connect one vendor. */
export interface VendorAccess {
  readonly connector: string;
  readonly name: string;
  readonly type: CredentialType;
  readonly baseUrl: string;
  readonly fields: Readonly<Record<string, string>>;
  /**
   * The vendor has no call for single users, so an absence counts only when a second complete read an hour later finds
   * it too: within the demo nobody goes missing there.
   */
  readonly absenceNeedsSecondRead?: true;
}

/** Credentials of the simulated vendors, by vendor and by the name that the simulator gives them. */
export type VendorCredentials = Readonly<Record<string, Readonly<Record<string, string>>>>;

type Access = Omit<VendorAccess, 'connector' | 'baseUrl' | 'fields'> & {
  readonly basePath: string;
  readonly fields: (origin: string, credentials: Readonly<Record<string, string>>) => Record<string, string>;
};

/** In the order in which the demo connects them: whom the workflow acts on, whom it listens to, then the others. */
const vendors: Readonly<Record<string, Access>> = {
  lastpass: {
    name: 'LastPass',
    type: 'basic',
    basePath: '',
    fields: (_origin, { cid, provhash }) => ({ username: cid!, password: provhash! }),
  },
  jumpcloud: {
    name: 'JumpCloud',
    type: 'api-key',
    basePath: '/api',
    fields: (_origin, { apiKey }) => ({ key: apiKey! }),
  },
  entra: {
    name: 'Microsoft Entra ID',
    type: 'oauth2-client-credentials',
    basePath: '',
    fields: (origin, { tenantId, clientId, clientSecret }) => ({
      tenantId: tenantId!,
      clientId: clientId!,
      clientSecret: clientSecret!,
      tokenUrl: `${origin}/${tenantId}/oauth2/v2.0/token`,
    }),
  },
  lever: {
    name: 'Lever',
    type: 'basic',
    basePath: '/v1',
    // Any password will do, even one space (R6).
    fields: (_origin, { apiKey }) => ({ username: apiKey!, password: ' ' }),
  },
  'ironclad-clickwrap': {
    name: 'Ironclad Clickwrap',
    type: 'oauth2-client-credentials',
    basePath: '/v1.1',
    absenceNeedsSecondRead: true,
    fields: (origin, { clientId, clientSecret }) => ({
      clientId: clientId!,
      clientSecret: clientSecret!,
      tokenUrl: `${origin}/oauth/token`,
    }),
  },
};

export const demoVendors: readonly string[] = Object.keys(vendors);

/** The simulated vendors as an administrator would enter them; those without a URL are left out. */
export function vendorAccessOf(
  urls: Readonly<Record<string, string | undefined>>,
  credentials: VendorCredentials,
): VendorAccess[] {
  return Object.entries(vendors).flatMap(([connector, { basePath, fields, ...access }]) => {
    const origin = urls[connector];
    if (origin === undefined) return [];
    const entered = fields(origin, credentials[connector] ?? {});
    return [{ ...access, connector, baseUrl: `${origin}${basePath}`, fields: entered }];
  });
}
