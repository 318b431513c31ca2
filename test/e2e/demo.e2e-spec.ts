import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';

import { runDemo } from '../../apps/cli/src/demo/run-demo.js';
import { Installation } from './installation.js';

describe('the demo company over all services', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.start({ services: serviceNames, simulator: { company: 'demo' } });
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('flows from two vendors into people and SaaS users, loses its leavers, and tells its contact of trouble', async () => {
    const lines: string[] = [];
    const outcome = await runDemo({
      gatewayUrl: installation.gatewayUrl,
      apiKey: installation.apiKey,
      simulatorControlUrl: installation.simulator.urls.control,
      vendors: installation.vendors,
      engines: installation.engines,
      mail: installation.mail,
      undoWindowSeconds: 3,
      print: (text) => lines.push(text),
    });
    if (process.env['TEST_SHOW_LOGS']) process.stderr.write(`${lines.join('\n')}\n`);
    expect(outcome.unmet).toEqual([]);
    expect(outcome.passed).toBe(true);
  }, 240_000);
});
