import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { type Connected, connectVendor, createOffboarding } from '../../apps/cli/src/demo/demo-steps.js';
import type { Installation } from '../e2e/installation.js';
import { Churn } from './churn.js';
import { seededRandom } from './seeded-random.js';
import { SteadyClient } from './steady-client.js';
import type { Tier } from './tiers.js';

/** Two vendors with an integration each, a workflow between them, and whoever starts the runs. */
export class SyncedCompany {
  /** How runs ended, and how many did so. */
  readonly states: Record<string, number> = {};
  /** Rounds in which both integrations completed and swept. */
  swept = 0;

  private constructor(
    readonly churn: Churn,
    private readonly client: SteadyClient,
    private readonly connected: readonly Connected[],
  ) {}

  static async connect(installation: Installation, seed: number, churn: Tier['churn']): Promise<SyncedCompany> {
    const demo = new DemoClient(installation.gatewayUrl, installation.apiKey);
    const connected: Connected[] = [];
    for (const access of installation.vendors) connected.push(await connectVendor(demo, access));
    const [lastpass, jumpcloud] = connected as [Connected, Connected];
    await createOffboarding(demo, jumpcloud, lastpass);
    return new SyncedCompany(
      new Churn(installation.simulator, seededRandom(seed + 1), churn),
      new SteadyClient(installation.gatewayUrl, installation.apiKey),
      connected,
    );
  }

  /**
   * One run of each integration at once. True when both completed and swept: the first good run has nothing to compare its
   * scope with and sweeps nobody (A13 e).
   */
  async round(): Promise<boolean> {
    const runs = await Promise.all(
      this.connected.map(async ({ integration }) => {
        const begun = await this.client.start(integration);
        if (begun === null) return null;
        this.churn.started(begun.id);
        return this.client.ended(begun.id);
      }),
    );
    for (const run of runs) {
      const state = run === null ? 'not-started' : run.state === 'failed' ? `failed: ${run.reason?.code}` : run.state;
      this.states[state] = (this.states[state] ?? 0) + 1;
    }
    const hasSwept = runs.every(
      (run) => run?.state.startsWith('completed') === true && run.verdict?.decision === 'pass',
    );
    if (hasSwept) this.swept += 1;
    return hasSwept;
  }

  /** Rounds until one swept. @throws after `most` that did not */
  async untilSwept(most: number): Promise<void> {
    for (let left = most; left > 0; left -= 1) if (await this.round()) return;
    throw new Error(`${most} rounds, and in none of them both integrations completed: ${JSON.stringify(this.states)}`);
  }
}
