import { serviceNames } from '@rollcall/contracts';

import { type Canaries, CanaryScan, newCanary } from './canaries.js';
import { Company } from './company.js';
import { Installation } from './installation.js';

const atOnce = 8;

/**
 * Scenarios that are played side by side on one installation, each with a company of its own, because most of them wait
 * for a vendor. A test awaits the one it is about.
 */
export class Scenarios {
  private readonly played = new Map<string, Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private playing = 0;

  private constructor(
    readonly installation: Installation,
    readonly canaries: Canaries,
  ) {}

  /** All six services at their most talkative, every secret a canary. */
  static async open(): Promise<Scenarios> {
    const canaries = { 'LastPass hash': newCanary(), 'JumpCloud key': newCanary() };
    const talkative = Object.fromEntries(serviceNames.map((service) => [service, { LOG_LEVEL: 'debug' }]));
    const installation = await Installation.start({
      services: serviceNames,
      simulator: {
        company: 'load:1',
        credentials: {
          lastpass: { cid: '12345678', provhash: canaries['LastPass hash'] },
          jumpcloud: { apiKey: canaries['JumpCloud key'] },
        },
      },
      variables: { ...talkative, 'sync-runner': { LOG_LEVEL: 'debug', RUN_CONCURRENCY: '32' } },
    });
    const { apiKey, kek } = installation;
    return new Scenarios(installation, { ...canaries, 'API key': apiKey, 'key-encryption key': kek });
  }

  /** @param title at most 60 characters; part of the names of the company's integrations */
  begin(title: string, users: number, scenario: (company: Company) => Promise<void>): void {
    const promise = this.inTurn(async () => {
      const company = await Company.open(this.installation, title, users);
      await scenario(company).finally(() => company.close());
    });
    // Met by the test that awaits it; until then it must not count as unhandled.
    promise.catch(() => undefined);
    this.played.set(title, promise);
  }

  async outcome(title: string): Promise<void> {
    const promise = this.played.get(title);
    if (promise === undefined) throw new Error(`no scenario "${title}" was begun`);
    await promise;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.played.values());
  }

  /** Waits for all scenarios, then looks for all canaries wherever this installation wrote (P20). */
  async scan(more: Canaries = {}): Promise<CanaryScan> {
    await this.settled();
    const scan = new CanaryScan({ ...this.canaries, ...more }, ['API key']);
    await scan.logs(this.installation.logs);
    await scan.databases(this.installation.environment);
    await scan.topics(this.installation.environment);
    for (const mail of this.installation.mail.received) scan.search('mails', JSON.stringify(mail));
    return scan;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.installation.stop();
  }

  private async inTurn(scenario: () => Promise<void>): Promise<void> {
    if (this.playing >= atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.playing += 1;
    try {
      await scenario();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.playing -= 1;
    }
  }
}
