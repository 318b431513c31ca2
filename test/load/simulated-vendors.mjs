/**
 * @typedef {object} SimulatedVendor
 * @property {Record<string, string>} env
 * @property {import('../../libs/contracts/dist/index.js').LeaseMaterial['type']} type
 * @property {string} basePath
 * @property {(origin: string) => string} [tokenUrl]
 * @property {(origin: string) => Record<string, string>} fields
 */

/**
 * How a benchmark reaches each simulated vendor: environment of the simulator, and the credential as the product stores
 * it. Values are the same in every run, so that figures of two runs differ by nothing else.
 * @satisfies {Record<string, SimulatedVendor>}
 */
export const simulatedVendors = {
  lastpass: {
    env: { SIMULATOR_LASTPASS_CID: '12345678', SIMULATOR_LASTPASS_PROVHASH: 'example-provisioning-hash' },
    type: 'basic',
    basePath: '',
    fields: () => ({ username: '12345678', password: 'example-provisioning-hash' }),
  },
  jumpcloud: {
    env: { SIMULATOR_JUMPCLOUD_API_KEY: 'example-api-key' },
    type: 'api-key',
    basePath: '/api',
    fields: () => ({ key: 'example-api-key' }),
  },
  entra: {
    env: {
      SIMULATOR_ENTRA_TENANT_ID: 'example.test',
      SIMULATOR_ENTRA_CLIENT_ID: 'example-client',
      SIMULATOR_ENTRA_CLIENT_SECRET: 'example-client-secret',
    },
    type: 'oauth2-client-credentials',
    basePath: '',
    tokenUrl: (/** @type {string} */ origin) => `${origin}/example.test/oauth2/v2.0/token`,
    fields: (/** @type {string} */ origin) => ({
      clientId: 'example-client',
      clientSecret: 'example-client-secret',
      tenantId: 'example.test',
      tokenUrl: `${origin}/example.test/oauth2/v2.0/token`,
    }),
  },
  'ironclad-clickwrap': {
    env: {
      SIMULATOR_IRONCLAD_CLICKWRAP_CLIENT_ID: 'example-client',
      SIMULATOR_IRONCLAD_CLICKWRAP_CLIENT_SECRET: 'example-client-secret',
    },
    type: 'oauth2-client-credentials',
    basePath: '/v1.1',
    tokenUrl: (/** @type {string} */ origin) => `${origin}/oauth/token`,
    fields: (/** @type {string} */ origin) => ({
      clientId: 'example-client',
      clientSecret: 'example-client-secret',
      tokenUrl: `${origin}/oauth/token`,
    }),
  },
  lever: {
    env: { SIMULATOR_LEVER_API_KEY: 'example-api-key' },
    type: 'basic',
    basePath: '/v1',
    fields: () => ({ username: 'example-api-key', password: ' ' }),
  },
};
