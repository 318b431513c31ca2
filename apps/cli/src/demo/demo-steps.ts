import { setTimeout as sleep } from 'node:timers/promises';

import { runEndStates, type RunRecord } from '@rollcall/contracts';

import type { DemoClient } from './demo-client.js';
import type { DemoResults } from './demo-results.js';
import type { VendorAccess } from './vendor-access.js';

export interface Connected {
  readonly name: string;
  readonly connector: string;
  readonly integration: string;
  readonly credential: string;
}

export const demoContact = { name: 'Iris Operator', email: 'iris.operator@example.com' };

const runLimitMs = 120_000;

/** Credential, test, integration, launch: what an administrator does for each vendor. */
export async function connectVendor(client: DemoClient, access: VendorAccess): Promise<Connected> {
  const { connector, name, type, baseUrl, fields } = access;
  const credential = await client.post<{ id: string }>('/credentials', {
    name: `${name} demo key`,
    connector,
    type,
    baseUrl,
    fields,
    // The simulated keys belong to none of the users.
    ownUsers: [],
  });
  const check = await client.post<{ ok: boolean; message: string }>(`/credentials/${credential.id}/test`);
  if (!check.ok) throw new Error(`${name} did not accept the credential: ${check.message}`);
  const integration = await client.post<{ id: string }>('/integrations', {
    name: `${name} users`,
    connector,
    credential: credential.id,
    deactivate: true,
    contacts: [demoContact],
  });
  await launch(client, integration.id);
  return { name, connector, integration: integration.id, credential: credential.id };
}

/** Mapping registers a new integration in the background; launching waits for it. */
async function launch(client: DemoClient, integration: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.post(`/integrations/${integration}/launch`);
      return;
    } catch (error) {
      if (attempt >= 40) throw error;
      await sleep(250);
    }
  }
}

/** Starts a run, or a preview of one, and waits for its end. */
export async function runOnce(
  client: DemoClient,
  connected: Pick<Connected, 'integration' | 'name'>,
  what: 'runs' | 'previews' = 'runs',
): Promise<RunRecord> {
  const run = await client.post<RunRecord>(`/integrations/${connected.integration}/${what}`);
  const until = Date.now() + runLimitMs;
  while (Date.now() < until) {
    const current = await client.get<RunRecord>(`/runs/${run.id}`);
    if (runEndStates.includes(current.state)) return current;
    await sleep(200);
  }
  throw new Error(`run ${run.id} of ${connected.name} did not end within ${runLimitMs / 1000} s`);
}

/** Offboarding across vendors: whoever is deactivated in JumpCloud loses LastPass as well. */
export async function createOffboarding(client: DemoClient, trigger: Connected, target: Connected): Promise<string> {
  const { items } = await client.get<{ items: { id: string; connector: string }[] }>('/saas-apps');
  const app = items.find((one) => one.connector === trigger.connector)!;
  const workflow = await client.post<{ id: string }>('/workflows', {
    name: `${trigger.name} leavers lose ${target.name}`,
    description: `When a user is deactivated in ${trigger.name}, deactivate the same person in ${target.name}.`,
    definition: {
      begin: { trigger: 'saas-user.deactivated', app: app.id, includeInitial: false },
      blocks: [
        {
          id: 'deactivate',
          kind: 'api',
          connector: target.connector,
          preset: 'deactivate-user',
          credential: target.credential,
          inputs: { username: '{{email}}' },
        },
      ],
    },
  });
  await client.post(`/workflows/${workflow.id}/activate`);
  return workflow.id;
}

/** Waits until no workflow run is open and no mail is queued, and neither number moved for a moment. */
export async function awaitQuiet(results: DemoResults, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  let last = '';
  let same = 0;
  while (Date.now() < until) {
    const [workflows, mails] = [await results.workflows(), await results.mails()];
    const now = JSON.stringify([workflows, mails]);
    same = now === last && workflows.open === 0 && mails.waiting === 0 ? same + 1 : 0;
    if (same >= 6) return;
    last = now;
    await sleep(500);
  }
  throw new Error(`workflows and mails did not come to rest within ${limitMs / 1000} s`);
}
