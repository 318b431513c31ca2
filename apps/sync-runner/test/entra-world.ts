import { accessTokenField } from '@rollcall/contracts';

import type { WorldVendor } from './runner-world.js';

export const entra: WorldVendor = {
  connector: 'entra',
  type: 'oauth2-client-credentials',
  basePath: '',
  fields: async ({ urls, credentials: { entra: account } }) => {
    const answer = await fetch(`${urls.entra}/${account.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: account.clientId,
        client_secret: account.clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return { [accessTokenField]: token };
  },
};
